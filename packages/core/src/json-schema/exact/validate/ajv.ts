import { Ajv, type Options, type ValidateFunction } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft04 from 'ajv-draft-04'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { dialectOfRoot } from '../compile/references.js'
import type { ExactDialect, SchemaDocument } from '../schema-document.js'
import { type ExactValue, isArray, isObject, toPlain } from '../values/exact-value.js'
import { ajvSchema } from './ajv-schema.js'
import { failingPart } from './failing-part.js'

/** The version that `package.json` pins. */
export const ajvName = 'ajv 8.20.0'

// ajv-draft-04 is CommonJS: its default export is the module under Node and the class under bundlers.
const Draft04 = (AjvDraft04 as unknown as { default?: typeof Ajv }).default ?? (AjvDraft04 as unknown as typeof Ajv)
const dialects: Record<ExactDialect, typeof Ajv> = {
  'draft-04': Draft04,
  'draft-06': Ajv,
  'draft-07': Ajv,
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
}

export type PatternTest = (pattern: string, text: string) => boolean

/** How patterns are tested right now: a native matcher could be kept busy for ever by a hostile pattern. */
interface PatternEngine {
  matches: PatternTest
}

interface Compiled {
  validate: ValidateFunction | undefined
  engine: PatternEngine
}

type Cache = WeakMap<SchemaDocument, Map<string, Compiled>>

const caches: Record<'annotation' | 'assertion', Cache> = { annotation: new WeakMap(), assertion: new WeakMap() }
const shared = new Map<string, { ajv: Ajv; engine: PatternEngine }>()
const mostKept = 8

/** What ajv says of a value; undefined where it cannot say anything (it could not compile the schema, or threw). */
export function ajvAccepts(
  document: SchemaDocument,
  value: ExactValue,
  matches: PatternTest,
  assertFormats: boolean,
): boolean | undefined {
  const validator = validatorFor(document, value, assertFormats)
  validator.engine.matches = matches
  try {
    return validator.validate && Boolean(validator.validate(toPlain(value)))
  } catch {
    return undefined
  }
}

/**
 * Whether ajv accepts a value under the writer and rejects it by the keyword of the reader that is said to reject it.
 * One small schema says both, for compiling is what ajv takes its time for.
 * @param pointer JSON pointer to that keyword in the reader's main text
 * @returns false also where the schemas do not fit into one, or ajv could not be heard
 */
export function ajvConfirms(
  { writer, reader }: { writer: SchemaDocument; reader: SchemaDocument },
  value: ExactValue,
  pointer: string,
  matches: PatternTest,
  assertFormats: boolean,
): boolean {
  const dialect = dialectOfRoot(writer)
  const traits = survey(writer)
  if (dialect !== dialectOfRoot(reader) || traits.identifiers > 0 || survey(reader).identifiers > 0) return false
  const [accepting, whole] = [writer, reader].map(({ root }) => ajvSchema(root, dialect, keysIn(value)))
  const rejecting = failingPart(whole, pointer)
  if (rejecting === undefined || refers(accepting) || refers(rejecting)) return false
  const { ajv, engine } = instance({ ...writer, resources: [] }, assertFormats, { ...traits, metaSchemas: false })
  const schema = { not: { anyOf: [{ not: withoutId(accepting) }, rejecting] } }
  engine.matches = matches
  try {
    const validate = ajv.compile(schema)
    ajv.removeSchema(schema)
    return Boolean(validate(toPlain(value)))
  } catch {
    // The schemas are looked at one by one then, and the verdict says if ajv could not be heard.
    shared.clear()
    return false
  }
}

function refers(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  return Object.entries(schema).some(([name, inner]) => /^\$.*ref$/i.test(name) || refers(inner))
}

/** An identifier is of no use where nothing refers to it, and ajv would keep it. */
function withoutId(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !identifying.has(name)))
}

function validatorFor(document: SchemaDocument, value: ExactValue, assertFormats: boolean): Compiled {
  const cache = caches[assertFormats ? 'assertion' : 'annotation']
  let validators = cache.get(document)
  if (!validators) cache.set(document, (validators = new Map<string, Compiled>()))
  const traits = survey(document)
  const names = traits.pointsIntoProperties || traits.identifiers > 0 ? undefined : keysIn(value)
  const key = names ? JSON.stringify([...names].sort()) : ''
  let validator = validators.get(key)
  if (!validator) {
    if (validators.size >= mostKept) validators.clear()
    validators.set(key, (validator = compile(document, assertFormats, traits, names)))
  }
  return validator
}

function keysIn(value: ExactValue): Set<string> {
  const keys = new Set<string>()
  const pending = [value]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (isArray(next)) pending.push(...next)
    else if (isObject(next)) {
      for (const [key, member] of next) {
        keys.add(key)
        pending.push(member)
      }
    }
  }
  return keys
}

function compile(
  document: SchemaDocument,
  assertFormats: boolean,
  traits: Traits,
  names: ReadonlySet<string> | undefined,
): Compiled {
  const { ajv, engine, reused } = instance(document, assertFormats, traits)
  try {
    for (const resource of document.resources) {
      ajv.addSchema(ajvSchema(resource.root, dialectOfRoot(resource), names) as object, resource.uri)
    }
    const schema = ajvSchema(document.root, dialectOfRoot(document), names) as object
    const validate = ajv.compile(schema)
    if (reused && typeof schema === 'object') ajv.removeSchema(schema)
    return { validate, engine }
  } catch {
    // Not an error of the schema: the engine's own evaluator read it. The verdict says that ajv was not heard.
    if (reused) shared.clear()
    return { validate: undefined, engine }
  }
}

/** Making an instance costs more than most schemas: it is shared where no identifier can get in the way of another. */
function instance(
  document: SchemaDocument,
  assertFormats: boolean,
  { identifiers, metaSchemas }: Traits,
): { ajv: Ajv; engine: PatternEngine; reused: boolean } {
  const reused = identifiers === 0 && !metaSchemas && document.resources.length === 0
  const dialect = dialectOfRoot(document)
  const key = `${dialect} ${assertFormats}`
  const known = reused ? shared.get(key) : undefined
  if (known) return { ...known, reused }
  const engine: PatternEngine = { matches: () => false }
  const regExp = Object.assign(
    // ajv tells patterns apart by their toString.
    (pattern: string) => ({
      test: (text: string) => engine.matches(pattern, text),
      toString: () => `/${pattern}/u`,
    }),
    { code: 'new RegExp' },
  )
  const options: Options = {
    strict: false,
    validateFormats: assertFormats,
    unicodeRegExp: true,
    ownProperties: true,
    validateSchema: false,
    meta: metaSchemas,
    logger: false,
    messages: false,
    code: { regExp: regExp, optimize: false },
    ...(assertFormats ? { formats: fullFormats } : {}),
  }
  const made = { ajv: new dialects[dialect](options), engine }
  if (reused) shared.set(key, made)
  return { ...made, reused }
}

interface Traits {
  /** Identifiers below the root. */
  identifiers: number
  /** A reference leads to a meta-schema. */
  metaSchemas: boolean
  /** A reference points to what stands under `properties`. */
  pointsIntoProperties: boolean
}

const known = new WeakMap<SchemaDocument, Traits>()
const identifying = new Set(['$id', 'id', '$anchor', '$dynamicAnchor', '$recursiveAnchor'])

function survey(document: SchemaDocument): Traits {
  let traits = known.get(document)
  if (!traits) {
    traits = { identifiers: 0, metaSchemas: false, pointsIntoProperties: false }
    const { root, resources } = document
    const pending = [root, ...resources.map((resource) => resource.root)]
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (node.kind === 'array') pending.push(...node.items)
      else if (node.kind === 'object') {
        for (const [name, { value }] of node.members) {
          pending.push(value)
          if (value.kind !== 'string') continue
          if (identifying.has(name) && node !== root) traits.identifiers++
          if (name !== '$ref') continue
          traits.metaSchemas ||= value.value.includes('json-schema.org/')
          traits.pointsIntoProperties ||= value.value.includes('/properties')
        }
      }
    }
    known.set(document, traits)
  }
  return traits
}
