export * from './schema/index.js'
export * from './identity/index.js'
