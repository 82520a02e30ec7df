import { generate, type GeneratedFile, type ReferencedSchema } from '@concordat/codegen'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventOf, inputOf, run, topicFile, topicIn, typeCheck } from './support.js'

const folder = join(__dirname, '../../../shared/data/histories')
const formats = [
  ['avro', 'AVRO'],
  ['json', 'JSON'],
  ['protobuf', 'PROTOBUF'],
] as const

if (!existsSync(folder)) console.log(`real histories are not tested: ${folder} is absent`)
const withHistories = existsSync(folder) ? describe : describe.skip

/** Versions that their format's rules refuse, so that no registry holds them: part of the data. */
const invalid = 'InvalidSchema'

withHistories('bindings of real schemas', () => {
  const imports = join(folder, 'protobuf/_imports')
  const sets = new Map<string, GeneratedFile[]>()
  const refused: string[] = []
  for (const [directory, type] of formats) {
    for (const subject of readdirSync(join(folder, directory)).filter((name) => name !== '_imports')) {
      for (const version of newestAndOldest(join(folder, directory, subject))) {
        const text = readFileSync(join(folder, directory, subject, version), 'utf8')
        const references = type === 'PROTOBUF' ? importsOf(text, imports) : []
        const name = `${directory}-${subject.replaceAll(/[^\w.-]/g, '_')}-${version.replace(/\..*/, '')}`
        try {
          sets.set(name, generate(inputOf(type, text, { topic: subject, references })))
        } catch (error) {
          refused.push(`${name}: ${(error as Error).name} ${(error as Error).message}`)
        }
      }
    }
  }

  it('are generated for all but invalid files', () => {
    expect(refused.filter((line) => !line.includes(invalid))).toEqual([])
    console.log(`${sets.size} schemas bound, ${refused.length} invalid:\n${refused.join('\n')}`)
    expect(sets.size).toBeGreaterThan(80)
  })

  it('pass the strict compiler', () => {
    expect(Object.fromEntries(typeCheck(sets))).toEqual({})
  })

  it('make topics whose codecs can be used', async () => {
    for (const [name, files] of sets) {
      const topic = topicIn(run(topicFile(files)).exports)
      const problem = await topic.readyOffline().catch((error: unknown) => (error as Error).message)
      expect([name, problem]).toEqual([name, undefined])
      expect(() => topic.encode(eventOf(topic), 5)).toThrow(expect.objectContaining({ name: 'InvalidValue' }) as Error)
    }
  })
})

function newestAndOldest(directory: string): string[] {
  const versions = readdirSync(directory).sort()
  return [...new Set([versions[0], versions[versions.length - 1]])]
}

/** Every file of the folder that a text imports, and what these import. */
function importsOf(text: string, root: string, depth = 0): ReferencedSchema[] {
  if (depth > 20) return []
  return [...text.matchAll(/^import\s+(?:public\s+)?"([^"]+)"/gm)].flatMap(([, path]) => {
    const file = join(root, path)
    if (!existsSync(file)) return []
    const inner = readFileSync(file, 'utf8')
    return [{ name: path, subject: path, version: 1, text: inner, references: importsOf(inner, root, depth + 1) }]
  })
}
