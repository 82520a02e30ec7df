import type { PrintForm } from '../../schema/format.js'
import type { ProtobufSchema } from '../schema.js'
import type { FileNode } from '../syntax/tree.js'
import { printCanonical, printNormalized } from './canonical.js'
import { KnownNames } from './known-names.js'
import { normalize } from './normalized.js'
import { printSerialized } from './serialized.js'
import { withoutExtensions } from './without-extensions.js'

/** @throws InvalidSchema for the normalized text of a schema with names that stand for nothing */
export function print(schema: ProtobufSchema, form: PrintForm): string {
  switch (form) {
    case 'normalized':
      return printNormalized(normalizedTree(schema))
    case 'serialized':
      return printSerialized(schema)
    case 'ignore_extensions':
      return printCanonical(withoutExtensions(schema.tree))
    default:
      return printCanonical(schema.tree)
  }
}

export function normalizedTree(schema: ProtobufSchema): FileNode {
  return normalize(schema.tree, new KnownNames([schema.file, ...schema.dependencies]))
}
