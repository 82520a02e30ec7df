import { Ajv, type Options, type ValidateFunction } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft04 from 'ajv-draft-04'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { dialectOfRoot } from '../compile/references.js'
import type { ExactDialect, SchemaDocument } from '../schema-document.js'
import { type ExactValue, toPlain } from '../values/exact-value.js'
import { ajvSchema } from './ajv-schema.js'

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

const compiled = {
  annotation: new WeakMap<SchemaDocument, Compiled>(),
  assertion: new WeakMap<SchemaDocument, Compiled>(),
}
const shared = new Map<string, { ajv: Ajv; engine: PatternEngine }>()

/** What ajv says of a value; undefined where it cannot say anything (it could not compile the schema, or threw). */
export function ajvAccepts(
  document: SchemaDocument,
  value: ExactValue,
  matches: PatternTest,
  assertFormats: boolean,
): boolean | undefined {
  const known = compiled[assertFormats ? 'assertion' : 'annotation']
  let validator = known.get(document)
  if (!validator) known.set(document, (validator = compile(document, assertFormats)))
  validator.engine.matches = matches
  try {
    return validator.validate && Boolean(validator.validate(toPlain(value)))
  } catch {
    return undefined
  }
}

function compile(document: SchemaDocument, assertFormats: boolean): Compiled {
  const { ajv, engine, reused } = instance(document, assertFormats)
  try {
    for (const resource of document.resources) {
      ajv.addSchema(ajvSchema(resource.root, dialectOfRoot(resource)) as object, resource.uri)
    }
    const schema = ajvSchema(document.root, dialectOfRoot(document)) as object
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
): { ajv: Ajv; engine: PatternEngine; reused: boolean } {
  const { identifiers, metaSchemas } = survey(document)
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

/** How many identifiers stand below the root, and whether a reference leads to a meta-schema. */
function survey({ root, resources }: SchemaDocument): { identifiers: number; metaSchemas: boolean } {
  let identifiers = 0
  let metaSchemas = false
  const pending = [root, ...resources.map((resource) => resource.root)]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind === 'array') pending.push(...node.items)
    else if (node.kind === 'object') {
      for (const [name, { value }] of node.members) {
        if (value.kind === 'string') {
          if (identifying.has(name) && node !== root) identifiers++
          if (name === '$ref' && value.value.includes('json-schema.org/')) metaSchemas = true
        }
        pending.push(value)
      }
    }
  }
  return { identifiers, metaSchemas }
}

const identifying = new Set(['$id', 'id', '$anchor', '$dynamicAnchor', '$recursiveAnchor'])
