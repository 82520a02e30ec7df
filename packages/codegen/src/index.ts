export * from './binding-input.js'
export { generate } from './generate.js'
export { BindingError } from './ir.js'
