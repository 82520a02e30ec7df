import type { FileDescriptorProto, FileDescriptorSet, SourceCodeInfo } from '@bufbuild/protobuf/wkt'
import { InvalidSchema } from '../../../schema/invalid-schema.js'
import { parseFile } from '../../parse.js'
import { print } from '../../print/index.js'
import type { ProtobufSchema } from '../../schema.js'
import { comparable, unordered } from './comparable.js'
import { probes } from './probes.js'
import { protoc } from './protoc.js'
import { sharedFiles } from './shared-files.js'

interface Judged {
  name: string
  main: string
  files: Record<string, string>
  ours: ProtobufSchema | InvalidSchema
  set: FileDescriptorSet | undefined
  theirs: FileDescriptorProto | undefined
  refusal: string
}

/** Where protoc takes what we refuse, and why we do. */
const stricter: readonly { text: RegExp; reason: string }[] = [
  { text: /"\\(777|377|U00110000|ud83d)";?\]?/, reason: 'a string that is no text cannot be read by most languages' },
  { text: /edition = "2026"/, reason: 'edition 2026 is not supported yet' },
]

function judge(name: string, main: string, files: Record<string, string>): Judged {
  const compiled = protoc(main, files)
  const set = 'set' in compiled ? compiled.set : undefined
  const refusal = 'set' in compiled ? '' : compiled.refusal
  return { name, main, files, ours: compile(main, files), set, theirs: set?.file.at(-1), refusal }
}

function compile(main: string, files: Record<string, string>): ProtobufSchema | InvalidSchema {
  try {
    return parseFile(main, files[main] ?? '', (path) => files[path])
  } catch (error) {
    if (error instanceof InvalidSchema) return error
    throw error
  }
}

const isStricter = ({ files, main }: Judged) => stricter.some(({ text }) => text.test(files[main] ?? ''))

const shared = sharedFiles()
if (shared.length === 0) process.stderr.write('skipped: ../shared/data is not here\n')

const groups: [string, Judged[]][] = [
  [
    'small files',
    probes.map((probe, i) =>
      judge(`${i} ${probe.topic}: ${probe.main.slice(-200)}`, 'main.proto', {
        'main.proto': probe.main,
        ...probe.imports,
      }),
    ),
  ],
  ['shared files', shared.map(({ source, main, files }) => judge(source, main, files))],
]

describe.each(groups)('compared with protoc, %s', (_group, judged) => {
  const valid = judged.filter(({ ours, theirs }) => !(ours instanceof InvalidSchema) && theirs)

  test('the same files are valid', () => {
    const laxer = judged.filter(({ ours, theirs }) => !(ours instanceof InvalidSchema) && !theirs)
    const refused = judged.filter((one) => one.ours instanceof InvalidSchema && one.theirs && !isStricter(one))
    expect(laxer.map(({ name, refusal }) => `${name}\n${refusal}`)).toEqual([])
    expect(refused.map(({ name, ours }) => `${name}\n${messageOf(ours)}`)).toEqual([])
  })

  test('descriptors are equal field by field', () => {
    for (const { name, ours, theirs, set } of valid) {
      if (ours instanceof InvalidSchema || !theirs || !set) continue
      expect([name, comparable(ours.file, set)]).toEqual([name, comparable(theirs, set)])
    }
  })

  test('every refusal says where', () => {
    const refused = judged.filter(({ ours }) => ours instanceof InvalidSchema)
    const nowhere = refused.filter(({ ours }) => ours instanceof InvalidSchema && !ours.position && !ours.path)
    expect(nowhere.map(({ name, ours }) => `${name}\n${messageOf(ours)}`)).toEqual([])
  })

  test('protoc reads what we print, and it is the same schema', () => {
    for (const { name, ours, main, files, set } of valid) {
      if (ours instanceof InvalidSchema || !set) continue
      // One more than the largest number, which protoc allows in reserved ranges, is printed as "max".
      if (files[main]?.includes('to 536870912')) continue
      // An Any that nobody can read compares as bytes, which depend on the order.
      if (typeof comparable(ours.file, set) === 'string') continue
      const text = print(ours, 'canonical')
      const again = protoc(main, { ...files, [main]: text })
      if (!('set' in again)) throw new Error(`${name}\n${text}\n${again.refusal}`)
      const theirs = again.set.file.at(-1)
      if (!theirs) throw new Error('protoc made an empty set')
      expect([name, unordered(comparable(theirs, set))]).toEqual([name, unordered(comparable(ours.file, set))])
      const reparsed = compile(main, { ...files, [main]: text })
      if (reparsed instanceof InvalidSchema) throw reparsed
      expect(print(reparsed, 'canonical')).toBe(text)
    }
  })

  test('positions and comments are those of protoc', () => {
    for (const { name, ours, theirs } of valid) {
      if (ours instanceof InvalidSchema || !theirs?.sourceCodeInfo) continue
      expect([name, lines(ours.sourceInfo)]).toEqual([name, lines(theirs.sourceCodeInfo)])
    }
  })
})

test('there are enough small files to be a test', () => {
  expect(probes.length).toBeGreaterThan(900)
})

const messageOf = (ours: Judged['ours']) => (ours instanceof InvalidSchema ? ours.message : 'valid')

/** Locations without their order, each once. */
function lines({ location }: SourceCodeInfo): string[] {
  const texts = location.map(
    ({ path, span, leadingComments, trailingComments, leadingDetachedComments }) =>
      `${path.join('.')} [${span.join(',')}] ${JSON.stringify([leadingComments, trailingComments, leadingDetachedComments])}`,
  )
  return [...new Set(texts)].sort()
}
