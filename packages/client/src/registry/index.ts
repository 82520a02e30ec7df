export * from './errors.js'
export { RegistryClient, type RegistryOptions, type Version } from './registry-client.js'
export type * from './types.js'
