import type { CanReadOptions, Format } from '../schema/format.js'
import type { Change, Verdict } from '../schema/verdict.js'
import { diffAvro } from './diff.js'
import { exactVerdict } from './exact-verdict.js'
import { printNormalized } from './normalize.js'
import { parseAvro } from './parse.js'
import { printCanonical, printResolved } from './print.js'
import type { AvroSchema } from './schema.js'
import { strictVerdict } from './strict-verdict.js'

/**
 * Apache Avro. `EXACT` decides by the specification's resolution; every other policy gives the verdict of Apache's own
 * check, which is Confluent's.
 */
export const avro: Format<AvroSchema> = {
  type: 'AVRO',
  parse: parseAvro,
  print(schema, form) {
    switch (form) {
      case 'normalized':
        return printNormalized(schema, (text) => reparse(schema, text))
      case 'resolved':
        return printResolved(schema)
      default:
        return printCanonical(schema)
    }
  },
  diff: diffAvro,
  canRead: (reader, writer, options): Verdict => verdict(reader, writer, diffAvro(writer, reader), options),
}

function verdict(reader: AvroSchema, writer: AvroSchema, changes: Change[], options: CanReadOptions): Verdict {
  const decide = options.policy === 'EXACT' ? exactVerdict : strictVerdict
  return decide(reader, writer, changes, options)
}

/** Another text in the place of a schema's own, with the same references. */
const reparse = (schema: AvroSchema, text: string): AvroSchema =>
  parseAvro({ ...schema.source, text }, schema.resolve, { validation: schema.validation, asNew: false })
