export * from './guid.js'
export * from './metadata.js'
export * from './rule-set.js'
