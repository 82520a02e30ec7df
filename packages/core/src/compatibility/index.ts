export * from './check.js'
export * from './formats.js'
export * from './levels.js'
