export type { EntityType } from './place.js'
export * from './tags.js'
