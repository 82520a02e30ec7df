import { BindingError, generate, type EventInput, type GeneratedFile } from '@concordat/codegen'
import { InvalidSchema } from '@concordat/core'
import { posix } from 'node:path'
import ts from 'typescript'
import { eventOf, inputOf, run, topicFile, topicIn, topicOf, typeCheck } from './support.js'

const P = 'globalThis.__pwned=1'

/** Texts that would run, or change what is around them, if they got into code as they are. */
const hostile = {
  name: [`A { b: string }\n${P};\ninterface Z`, `x */ ${P}; /*`, '../../../escaped', '__proto__', 'a b', ''],
  awkward: [
    'class',
    'constructor',
    'then',
    'default',
    'await',
    'Topic',
    'defineTopic',
    'Record',
    'things',
    'ThingsEvents',
    'toString',
  ],
  key: [
    `a: string }\n${P};\ninterface Z { b`,
    `a'; ${P}; '`,
    `a"; ${P}; "`,
    `[${P}]`,
    '__proto__',
    'constructor',
    'then',
    '$type',
    '$rest',
    '',
    'a/b~c',
    'Order',
    'order',
  ],
  literal: [
    `B='1'}; ${P}; enum Q { C`,
    `a"}; ${P}; enum Z { Q = "q`,
    `card'; ${P}; '`,
    `card" | "x"; ${P}; type Z = "`,
    'a\\',
    'a\u2028b',
    `(${P},"x")`,
    'a${' + P + '}',
    'a`; ' + P + '; `',
    '__proto__',
    'toString',
    '\ud800',
    'a\u0000b',
    '\ufeffx',
    '\u202e/* admin \u2066',
  ],
  comment: [
    `x */ ${P}; /*`,
    `x *\u2028/ \n${P}\n`,
    `x *\u202e/ ${P}; /*`,
    `*/*/${P}//`,
    '@ts-nocheck',
    '@ts-expect-error',
    'eslint-disable',
    '//# sourceMappingURL=data:,x',
    '#__PURE__',
    '\u202e/* admin \u2066',
    '\ud800',
    'x'.repeat(5_000),
  ],
  raw: [`string }\n${P};\ninterface Z { b: string`, `any; ${P}`],
  topic: [
    '../../../escaped',
    'a/../../b',
    '/abs',
    'C:\\x',
    'CON',
    'con',
    'nul',
    'nul.ts',
    'a\u0000.ts',
    'x'.repeat(300),
    'Orders',
    'orders',
    '.git/hooks/x',
    'index',
    'a.d',
    'then',
    '__proto__',
    '',
    `*/ ${P} /*`,
    `"; ${P}; "`,
  ],
}

type Build = (text: string) => Partial<EventInput> & { type: EventInput['type']; text: string; topic?: string }

const json = (schema: unknown) => JSON.stringify(schema)
const avroEvent = (more: object, fields: unknown[] = [{ name: 'a', type: 'int', default: 1 }]): ReturnType<Build> => ({
  type: 'AVRO',
  text: json({ type: 'record', name: 'Order', fields, ...more }),
})
const field = (more: object) => avroEvent({}, [{ name: 'a', type: 'int', default: 1, ...more }])
const jsonEvent = (schema: object): ReturnType<Build> => ({ type: 'JSON', text: json(schema) })
const proto = (body: string): ReturnType<Build> => ({ type: 'PROTOBUF', text: `syntax = "proto2";\n${body}` })
const quoted = (text: string) =>
  `"${[...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`

/** Every place of a schema from which text gets into the output, or might. */
const positions: [position: string, vectors: string[], build: Build][] = [
  ['Avro record name', [...hostile.name, ...hostile.awkward], (name) => avroEvent({ name })],
  ['Avro namespace', [...hostile.name, 'a..b', 'shop.__proto__'], (namespace) => avroEvent({ namespace })],
  ['Avro field name', [...hostile.key, ...hostile.awkward], (name) => field({ name })],
  [
    'Avro symbol',
    [...hostile.literal, ...hostile.awkward],
    (symbol) => field({ type: { type: 'enum', name: 'E', symbols: [symbol] }, default: undefined }),
  ],
  ['Avro alias', hostile.literal, (alias) => avroEvent({ aliases: [alias] })],
  ['Avro record doc', hostile.comment, (doc) => avroEvent({ doc })],
  ['Avro field doc', hostile.comment, (doc) => field({ doc })],
  ['Avro string default', hostile.literal, (text) => field({ type: 'string', default: text })],
  ['Avro bytes default', ['\\"); x; ("', '\u00ff\u0000', '"+(1)+"'], (text) => field({ type: 'bytes', default: text })],
  [
    'Avro logical type',
    [`decimal'; ${P}; '`, '__proto__', 'constructor'],
    (logicalType) => field({ type: { type: 'int', logicalType } }),
  ],
  ['Avro unknown attribute', hostile.raw, (tsType) => field({ tsType, 'x-code': tsType })],
  ['JSON title', [...hostile.comment, ...hostile.name, ...hostile.awkward], (title) => jsonEvent({ title })],
  [
    'JSON description',
    hostile.comment,
    (description) => jsonEvent({ description, properties: { a: { description } } }),
  ],
  [
    'JSON definition',
    [...hostile.key, ...hostile.awkward],
    (key) =>
      jsonEvent({
        $ref: `#/definitions/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
        definitions: Object.fromEntries([[key, { type: 'object' }]]),
      }),
  ],
  ['JSON property', hostile.key, (key) => jsonEvent({ properties: Object.fromEntries([[key, { type: 'string' }]]) })],
  [
    'JSON required',
    [...hostile.literal, ...hostile.key],
    (key) => jsonEvent({ type: 'object', properties: {}, required: [key] }),
  ],
  ['JSON enum', hostile.literal, (value) => jsonEvent({ enum: [value, 'other'] })],
  ['JSON const', hostile.literal, (value) => jsonEvent({ const: value })],
  ['JSON default', hostile.literal, (value) => jsonEvent({ properties: { a: { type: 'string', default: value } } })],
  [
    'JSON pattern',
    ['^/;x;//$', '[/]*/;x;/*', '^(a+)+$'],
    (pattern) => jsonEvent({ pattern, patternProperties: { [pattern]: {} } }),
  ],
  [
    'JSON format',
    [`date-time*/ ${P}; /*`, '__proto__', 'constructor'],
    (format) => jsonEvent({ type: 'string', format }),
  ],
  [
    'JSON raw code key',
    hostile.raw,
    (tsType) => jsonEvent({ type: 'string', tsType, 'x-ts': tsType, $comment: tsType }),
  ],
  ['JSON id', ['*/', `https://x.test/";${P};"`, 'file:///etc/passwd'], ($id) => jsonEvent({ $id })],
  [
    'JSON remote reference',
    ['file:///etc/passwd', 'http://169.254.169.254/', '#/definitions/__proto__'],
    ($ref) => jsonEvent({ $ref }),
  ],
  ['Protobuf message', hostile.awkward, (name) => proto(`message ${name} {}`)],
  ['Protobuf grammar', hostile.name, (name) => proto(`message ${name} {}`)],
  ['Protobuf field', [...hostile.awkward, '__proto__'], (name) => proto(`message M { optional int32 ${name} = 1; }`)],
  [
    'Protobuf oneof',
    [...hostile.awkward, '__proto__'],
    (name) => proto(`message M { oneof ${name} { int32 x = 1; } }`),
  ],
  [
    'Protobuf enum value',
    [...hostile.awkward, '__proto__'],
    (name) => proto(`message M { optional E e = 1; enum E { ${name} = 0; } }`),
  ],
  [
    'Protobuf default',
    hostile.literal,
    (text) => proto(`message M { optional string a = 1 [default = ${quoted(text)}]; }`),
  ],
  [
    'Protobuf json name',
    [`a"; ${P}; "`, 'a`; x; `', '__proto__'],
    (text) => proto(`message M { optional string a = 1 [json_name = ${quoted(text)}]; }`),
  ],
  [
    'Protobuf line comment',
    hostile.comment.map((text) => text.replaceAll('\n', ' ')),
    (text) => proto(`// ${text}\nmessage M { // ${text}\n optional int32 a = 1; // ${text}\n }`),
  ],
  [
    'Protobuf block comment',
    [`x * / ${P}`, '@ts-nocheck'],
    (text) => proto(`/* ${text} */\nmessage M { /* ${text} */ optional int32 a = 1; }`),
  ],
  ['Protobuf descriptor name', hostile.name, (name) => ({ type: 'PROTOBUF', text: descriptor(name) })],
  ['topic', hostile.topic, (topic) => ({ ...jsonEvent({ type: 'string' }), topic })],
  ['subject', [...hostile.topic, ...hostile.comment], (subject) => ({ ...jsonEvent({ type: 'string' }), subject })],
  [
    'reference name',
    [...hostile.literal],
    (name) => ({
      ...jsonEvent({ type: 'string' }),
      references: [{ name, subject: name, version: 1, text: '{}', references: [] }],
    }),
  ],
]

/** A `FileDescriptorProto` of one message, whose name never met a grammar. */
function descriptor(name: string): string {
  const sized = (tag: number, bytes: Uint8Array) => Buffer.concat([Buffer.of(tag, bytes.length), bytes])
  const message = sized(0x22, sized(0x0a, Buffer.from(name)))
  return Buffer.concat([sized(0x0a, Buffer.from('a.proto')), message]).toString('base64')
}

interface Case {
  id: string
  outcome: 'refused' | 'generated'
  files: GeneratedFile[]
}

function attempt(position: string, at: number, vector: string, build: Build): Case {
  const { type, text, ...more } = build(vector)
  const input = inputOf(type, text, more)
  const id = `${position} ${at}`
  try {
    return { id, outcome: 'generated', files: generate(input) }
  } catch (error) {
    const { name } = error as Error
    // A refusal is one of two errors that speak of the schema; anything else would be a crash.
    if (name !== InvalidSchema.name && name !== BindingError.name)
      throw new Error(`${id}: ${String(error)}`, { cause: error })
    return { id, outcome: 'refused', files: [] }
  }
}

const cases = positions.flatMap(([position, vectors, build]) =>
  vectors.map((vector, at) => attempt(position, at, vector, build)),
)
const generated = cases.filter(({ outcome }) => outcome === 'generated')

describe('hostile text in a schema', () => {
  it('is refused where a format has rules for names, and harmless elsewhere', () => {
    const outcomes = (position: string) =>
      cases.filter(({ id }) => id.startsWith(`${position} `)).map(({ outcome }) => outcome)
    for (const position of ['Avro record name', 'Avro namespace', 'Protobuf grammar', 'Protobuf descriptor name']) {
      expect(outcomes(position).slice(0, hostile.name.length - (position === 'Avro namespace' ? 1 : 0))).toEqual(
        Array(hostile.name.length - (position === 'Avro namespace' ? 1 : 0)).fill('refused'),
      )
    }
    for (const position of [
      'JSON property',
      'JSON definition',
      'JSON enum',
      'JSON const',
      'JSON title',
      'Avro record doc',
      'Protobuf message',
      'topic',
      'subject',
    ]) {
      expect(outcomes(position)).not.toContain('refused')
    }
    expect(generated.length).toBeGreaterThan(250)
  })

  it('gives code that the strict compiler accepts', () => {
    const sets = new Map(generated.map(({ id, files }) => [id.replaceAll(' ', '-'), files]))
    expect(Object.fromEntries(typeCheck(sets))).toEqual({})
  })

  it('gives only the kinds of statements that are meant, with nothing but data in what is run', () => {
    for (const { id, files } of generated) for (const file of files) expect([id, ...unexpected(file)]).toEqual([id])
  })

  it('does nothing when the code is run and used', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    for (const { id, files } of generated) {
      const { exports, globals } = run(topicFile(files))
      const topic = topicIn(exports)
      // What cannot be compiled (a reference to what is not there) says so when the topic gets ready.
      const problem = await topic.readyOffline().catch((error: unknown) => (error as Error).message)
      if (problem !== undefined) expect([id, problem]).toEqual([id, expect.stringContaining('cannot be compiled')])
      for (const value of problem === undefined ? [{}, 'x', { a: 1 }, { a: 'x' }] : []) {
        try {
          topic.decode(topic.encode(eventOf(topic), value).value)
        } catch (error) {
          expect((error as Error).name).toBe('InvalidValue')
        }
      }
      expect([id, globals.__pwned, ({} as { __pwned?: unknown }).__pwned]).toEqual([id, undefined, undefined])
    }
    expect((globalThis as { __pwned?: unknown }).__pwned).toBeUndefined()
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  })

  it('stays within the output folder, in files that no two names share', () => {
    for (const { files } of generated) {
      for (const { path } of files) {
        expect(path).toMatch(/^[a-z0-9][a-z0-9._-]*\.ts$/)
        expect(posix.normalize(posix.join('/out', path))).toBe(`/out/${path}`)
        expect(path.length).toBeLessThan(100)
        expect(path).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\.|\.d\.ts$/)
      }
    }
    const paths = hostile.topic.flatMap((topic) => generate(inputOf('JSON', '{}', { topic })).map(({ path }) => path))
    const own = paths.filter((path) => path !== 'index.ts').map((path) => path.toLowerCase())
    expect(new Set(own).size).toBe(hostile.topic.length)
  })

  it('keeps its exact value', async () => {
    for (const value of hostile.literal) {
      const topic = await topicOf(
        inputOf('JSON', json({ type: 'object', properties: { a: { default: value }, b: { const: value } } })),
      )
      // JSON text in UTF-8 holds no half of a surrogate pair; as an escape in the schema it does.
      if (value === '\ud800') continue
      expect(topic.decode(topic.encode(eventOf(topic), { b: value }).value)).toMatchObject({
        ok: true,
        value: { a: value, b: value },
      })
      expect(() => topic.encode(eventOf(topic), { b: 'other' })).toThrow('must be equal to constant')
    }
  })

  it('is caught by these tests when a printer lets it through', () => {
    const unsafe = (doc: string): GeneratedFile => ({ path: 'x.ts', text: `/** ${doc} */\nexport interface A {}\n` })
    expect(unexpected(unsafe(`x */ ${P}; /*`))).not.toEqual([])
    expect(run({ path: 'x.ts', text: `/** x */ ${P}; /* */\nexports.a = 1` }).globals.__pwned).toBe(1)
  })
})

/** Statements that generated code has no business with. */
function unexpected({ path, text }: GeneratedFile): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const found: string[] = []
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) continue
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) continue
    if (ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1) {
      const [{ initializer }] = statement.declarationList.declarations
      if (initializer && ts.isCallExpression(initializer) && initializer.expression.getText() === 'defineTopic') {
        if (initializer.arguments.every(isData)) continue
      }
    }
    found.push(statement.getText().slice(0, 100))
  }
  // Directives act from comments, wherever these are.
  if (/@ts-|eslint-|sourceMappingURL|[\u202a-\u202e\u2066-\u2069]/.test(text)) {
    const outside = text.replace(/"(?:[^"\\\n]|\\.)*"/g, '')
    if (/@ts-|eslint-|sourceMappingURL|[\u202a-\u202e\u2066-\u2069]/.test(outside)) found.push('a directive')
  }
  return found
}

function isData(node: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every(
      (property) =>
        ts.isPropertyAssignment(property) &&
        (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) &&
        isData(property.initializer),
    )
  }
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isData)
  if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand)
  return (
    ts.isStringLiteral(node) ||
    ts.isNumericLiteral(node) ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword
  )
}
