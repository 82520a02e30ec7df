import { Ajv, type Options, type ValidateFunction } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import AjvDraft04 from 'ajv-draft-04'
import { fullFormats } from 'ajv-formats/dist/formats.js'
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
  '2019-09': Ajv2019 as unknown as typeof Ajv,
  '2020-12': Ajv2020 as unknown as typeof Ajv,
}

export type PatternTest = (pattern: string, text: string) => boolean

/** A schema as ajv understands it. */
export interface AjvValidator {
  /** What ajv says; undefined where it cannot say anything (it could not compile the schema, or threw). */
  accepts(value: ExactValue): boolean | undefined
}

/**
 * @param matches how patterns are tested: a native matcher could be kept busy for ever by a hostile pattern
 */
export function ajvValidator(document: SchemaDocument, matches: PatternTest, assertFormats: boolean): AjvValidator {
  let validate: ValidateFunction | undefined
  try {
    validate = compile(document, matches, assertFormats)
  } catch {
    // Not an error of the schema: the engine's own evaluator read it. The verdict says that ajv was not heard.
    validate = undefined
  }
  return {
    accepts: (value) => {
      try {
        return validate && Boolean(validate(toPlain(value)))
      } catch {
        return undefined
      }
    },
  }
}

function compile(document: SchemaDocument, matches: PatternTest, assertFormats: boolean): ValidateFunction {
  const engine = Object.assign(
    (pattern: string) => ({ test: (text: string) => matches(pattern, text) }),
    { code: 'new RegExp' },
  )
  const mentionsMetaSchema = JSON.stringify(toRefs(document)).includes('json-schema.org/')
  const options: Options = {
    strict: false,
    validateFormats: assertFormats,
    unicodeRegExp: true,
    ownProperties: true,
    validateSchema: false,
    meta: mentionsMetaSchema,
    logger: false,
    code: { regExp: engine as never },
    ...(assertFormats ? { formats: fullFormats as never } : {}),
  }
  const ajv = new dialects[document.dialect](options)
  for (const { uri, dialect, root } of document.resources) ajv.addSchema(ajvSchema(root, dialect) as object, uri)
  return ajv.compile(ajvSchema(document.root, document.dialect) as object)
}

/** All strings of a document that could be references. */
function toRefs({ root, resources }: SchemaDocument): string[] {
  const references: string[] = []
  const pending = [root, ...resources.map((resource) => resource.root)]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind === 'array') pending.push(...node.items)
    else if (node.kind === 'object') {
      for (const [name, { value }] of node.members) {
        if (name === '$ref' && value.kind === 'string') references.push(value.value)
        pending.push(value)
      }
    }
  }
  return references
}
