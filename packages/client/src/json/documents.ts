import type { EmbeddedReference } from '../topic-definition.js'

/** @throws TypeError */
export function parseSchema(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new TypeError('the JSON Schema is not JSON', { cause: error })
  }
}

/** The identifier of a schema object, without an empty fragment. */
export function idOf(schema: unknown): string | undefined {
  if (!isObject(schema)) return undefined
  const id = schema.$id ?? schema.id
  return typeof id === 'string' ? id.replace(/#$/, '') : undefined
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keywords whose values are data, where `$ref` and `$id` mean nothing. */
const dataKeywords = new Set(['const', 'default', 'enum', 'examples'])

/** Keywords that hold schemas by names of the author's choice; a name there is no keyword. */
const schemaMaps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])

export const isSchemaMap = (keyword: string, value: unknown): value is Record<string, unknown> =>
  schemaMaps.has(keyword) && isObject(value)

/** A base that no document has, so that relative identifiers can be compared. */
const unnamed = 'concordat:/unnamed/'

/** All schemas of a document and its references, to be found by `$ref`. */
export class SchemaDocuments {
  readonly root: unknown
  private readonly byUri = new Map<string, unknown>()
  private readonly baseOf = new Map<unknown, string>()

  constructor(text: string, references: readonly EmbeddedReference[]) {
    this.root = parseSchema(text)
    const base = absolute(idOf(this.root) ?? 'schema.json', unnamed)
    this.index(this.root, base)
    for (const { name, schema } of references) this.index(parseSchema(schema), absolute(name, base))
  }

  /** The schema that a `$ref` in `schema` means, if it is here. */
  find(ref: string, schema: unknown): unknown {
    const uri = absolute(ref, this.baseOf.get(schema) ?? unnamed)
    const known = this.byUri.get(uri) ?? this.byUri.get(uri.replace(/#$/, ''))
    if (known !== undefined) return known
    const [document, pointer = ''] = uri.split('#')
    return at(this.byUri.get(document), decode(pointer))
  }

  private index(document: unknown, uri: string): void {
    this.byUri.set(uri.replace(/#.*$/, ''), document)
    const pending: [schema: unknown, base: string][] = [[document, uri]]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [schema, outer] = next
      if (typeof schema !== 'object' || schema === null) continue
      const id = idOf(schema)
      const base = id === undefined ? outer : absolute(id, outer)
      if (id !== undefined) this.byUri.set(base, schema)
      const { $anchor: anchor } = schema as { $anchor?: unknown }
      if (typeof anchor === 'string') this.byUri.set(absolute(`#${anchor}`, base), schema)
      this.baseOf.set(schema, base)
      for (const [key, value] of Object.entries(schema)) {
        if (isSchemaMap(key, value)) for (const inner of Object.values(value)) pending.push([inner, base])
        else if (!dataKeywords.has(key)) pending.push([value, base])
      }
    }
  }
}

const absolute = (uri: string, base: string) => (URL.canParse(uri, base) ? new URL(uri, base).href : uri)

function decode(pointer: string): string {
  try {
    return decodeURIComponent(pointer)
  } catch {
    return pointer
  }
}

function at(document: unknown, pointer: string): unknown {
  if (pointer === '') return document
  let node = document
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = (node as Record<string, unknown>)[key]
  }
  return node
}
