export * from './binding-input.js'
export { generate } from './generate.js'
