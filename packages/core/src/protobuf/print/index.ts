import type { PrintForm } from '../../schema/format.js'
import type { ProtobufSchema } from '../schema.js'
import { printCanonical, printNormalized } from './canonical.js'
import { KnownNames } from './known-names.js'
import { normalize } from './normalized.js'

export function print(schema: ProtobufSchema, form: PrintForm): string {
  if (form === 'normalized') return printNormalized(normalizedTree(schema))
  return printCanonical(schema.tree)
}

export function normalizedTree(schema: ProtobufSchema) {
  return normalize(schema.tree, new KnownNames([schema.file, ...schema.dependencies]))
}
