export { avro } from './avro.js'
export type * from './schema.js'
