import type { Format } from '../schema/format.js'
import { canRead, diff } from './compatibility/index.js'
import { parse } from './parse.js'
import { print } from './print/index.js'
import type { ProtobufSchema } from './schema.js'

/** Protobuf: proto2, proto3 and editions, as .proto text or as base64 descriptors. */
export const protobuf: Format<ProtobufSchema> = { type: 'PROTOBUF', parse, print, diff, canRead }

export { parseFile } from './parse.js'
export type { Importer } from './compiler/compile.js'
export type * from './schema.js'
