import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { decide, type SchemaDocument } from '../packages/core/src/json-schema/exact/index.js'
import { attack } from '../packages/core/test/json-schema-exact/attack.js'
import {
  arbitraryDocument,
  documentOf as documentOfJson,
  edited,
} from '../packages/core/test/json-schema-exact/arbitrary-schema.js'
import { documentOf, pairsIn } from './json-schema/pairs.js'

// Attacks every "compatible" of the exact JSON Schema engine: samples messages of the writer and looks for one that the
// reader rejects. Ends with code 1 if it finds one.
//   --samples N      different messages wanted per proof, default 10000; fewer where the writer has no more to offer
//   --pairs PATH...  as in `bench -- json-schema`
//   --generated N    random schemas with a random edit each, asked in both directions, default 400

const { values, positionals } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000' },
    pairs: { type: 'string', multiple: true },
    generated: { type: 'string', default: '400' },
  },
  allowPositionals: true,
})
const samples = Number(values.samples)
const data = join(import.meta.dirname, '../../shared/data')
const given = [...(values.pairs ?? []), ...positionals]
const paths =
  given.length > 0
    ? given
    : ['json-containment/subschema.json', 'json-containment/test-suite.json', 'histories/json'].map((path) =>
        join(data, path),
      )

interface Question {
  id: string
  writer: SchemaDocument
  reader: SchemaDocument
  assertFormats: boolean
}

function* questions(): Generator<Question> {
  for (const { id, writer, reader, dialect, assertFormats } of paths.flatMap(pairsIn)) {
    yield { id, writer: documentOf(writer, dialect), reader: documentOf(reader, dialect), assertFormats }
  }
  const edits = fc.array(fc.nat(50), { minLength: 2, maxLength: 10 })
  const drawn = fc.sample(fc.tuple(arbitraryDocument, edits), { numRuns: Number(values.generated), seed: 20_261_123 })
  for (const [index, [schema, choices]] of drawn.entries()) {
    const [before, after] = [documentOfJson(schema), documentOfJson(edited(schema, choices))]
    yield { id: `generated#${index}`, writer: before, reader: after, assertFormats: false }
    yield { id: `generated#${index} back`, writer: after, reader: before, assertFormats: false }
  }
}

const found: string[] = []
let [asked, proofs, complete, messages] = [0, 0, 0, 0]
for (const { id, writer, reader, assertFormats } of questions()) {
  asked++
  if (decide(reader, writer, { policy: 'EXACT', assertFormats, witness: false }).outcome !== 'compatible') continue
  proofs++
  const report = attack(reader, writer, samples, asked, false, assertFormats)
  messages += report.valid
  if (report.valid >= samples) complete++
  if (report.hit) found.push(`${id}: the reader rejects ${report.hit}`)
  if (report.contradiction) found.push(`${id}: ${report.contradiction}`)
  if (proofs % 50 === 0) process.stderr.write(`${proofs} proofs, ${messages} messages, ${found.length} wrong\n`)
}
for (const line of found) console.log(line)
console.log(
  `${asked} pairs, ${proofs} proofs of "compatible" attacked with ${messages} messages: ${found.length} wrong; ` +
    `${complete} proofs with all ${samples} messages, the others with all that the sampler found`,
)
if (found.length > 0) process.exitCode = 1
