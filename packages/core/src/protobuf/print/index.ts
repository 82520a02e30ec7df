import type { PrintForm } from '../../schema/format.js'
import type { ProtobufSchema } from '../schema.js'
import { printCanonical } from './canonical.js'

export function print(schema: ProtobufSchema, form: PrintForm): string {
  void form
  return printCanonical(schema.tree)
}
