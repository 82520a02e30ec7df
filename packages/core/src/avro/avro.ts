import type { Format } from '../schema/format.js'
import type { Break, Change, Verdict } from '../schema/verdict.js'
import { apacheDifferences } from './apache-compatibility.js'
import { printNormalized } from './normalize.js'
import { parseAvro } from './parse.js'
import { printCanonical, printResolved } from './print.js'
import type { AvroSchema } from './schema.js'
import { positionIn } from './schema.js'

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
  diff: (): Change[] => [],
  canRead: (reader, writer): Verdict => strictVerdict(reader, writer),
}

/** Another text in the place of a schema's own, with the same references. */
const reparse = (schema: AvroSchema, text: string): AvroSchema =>
  parseAvro({ ...schema.source, text }, schema.resolve, { validation: schema.validation, asNew: false })

function strictVerdict(reader: AvroSchema, writer: AvroSchema): Verdict {
  const breaks = apacheDifferences(reader.root, writer.root).map((difference): Break => ({
    rule: difference.rule,
    path: `/${difference.path.join('/')}`,
    message: difference.detail,
    at: { reader: positionIn(reader, difference.reader.at), writer: positionIn(writer, difference.writer.at) },
  }))
  return breaks.length > 0 ? { outcome: 'incompatible', changes: [], breaks } : { outcome: 'compatible', changes: [] }
}
