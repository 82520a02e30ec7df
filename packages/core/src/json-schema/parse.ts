import type { ParseOptions } from '../schema/format.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import type { Reference, ReferenceResolver, SchemaSource } from '../schema/source.js'
import { parseJson, positionAt, type JsonNode } from '../text/json-document.js'
import { dialectOf } from './dialect.js'
import type { JsonSchema, SchemaResource } from './schema.js'
import { resolveUri, splitFragment } from './uri.js'
import { validateAsConfluent } from './validation/as-confluent.js'
import { validateStrictly } from './validation/strict.js'

/** @throws InvalidSchema with line, column and path of what is wrong, and what to do about it */
export function parse(source: SchemaSource, resolve: ReferenceResolver, options: ParseOptions): JsonSchema {
  const stored = !options.asNew
  const root = readDocument(source.text, options.validation === 'confluent' || stored)
  const schema: JsonSchema = {
    uri: ownUri(root),
    text: source.text,
    root,
    dialect: dialectOf(root),
    references: source.references,
    resources: collectResources(source.references, ownUri(root), resolve),
  }
  if (stored) validateStored(schema)
  else if (options.validation === 'strict') validateStrictly(schema)
  else validateAsConfluent(schema)
  return schema
}

/** What is stored was once valid by one of the two, whichever was set then. */
function validateStored(schema: JsonSchema): void {
  try {
    validateAsConfluent(schema)
  } catch (refusal) {
    try {
      validateStrictly(schema)
    } catch {
      throw refusal
    }
  }
}

function readDocument(text: string, asConfluent: boolean): JsonNode {
  const { root } = parseJson(text, asConfluent ? { ignoreRest: true, nonFiniteAsText: true } : {})
  if (root.kind === 'object' || (root.kind === 'literal' && root.value !== null)) return root
  throw new InvalidSchema({
    reason: 'a JSON Schema is an object, true or false',
    position: positionAt(text, root.start),
    hint: 'for a value of this kind write {"const": …}',
  })
}

/** References of references included; one name in two versions counts as the one met first. */
function collectResources(
  references: readonly Reference[],
  base: string,
  resolve: ReferenceResolver,
): ReadonlyMap<string, SchemaResource> {
  const byName = new Map<string, SchemaResource>()
  const byUri = new Map<string, SchemaResource>()
  const pending = references.map((reference) => ({ reference, base })).reverse()
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { name } = next.reference
    const uri = splitFragment(resolveUri(next.base, name)).document
    let resource = byName.get(name)
    if (!resource) {
      const source = resolve(next.reference)
      if (source?.type !== 'JSON') throw missingReference(next.reference, source)
      const root = readDocument(source.text, true)
      resource = { uri, text: source.text, root, dialect: dialectOf(root) }
      byName.set(name, resource)
      const inner = resolveUri(uri, ownUri(root))
      pending.push(...source.references.map((reference) => ({ reference, base: inner })).reverse())
    }
    for (const key of [name, uri]) if (!byUri.has(key)) byUri.set(key, resource)
  }
  return byUri
}

function missingReference({ name, subject, version }: Reference, source: SchemaSource | undefined): InvalidSchema {
  const place = `subject ${JSON.stringify(subject)}, version ${version}`
  return new InvalidSchema({
    reason: source
      ? `the reference ${JSON.stringify(name)} leads to a schema of type ${source.type} (${place})`
      : `the reference ${JSON.stringify(name)} leads to nothing (${place})`,
    hint: source ? 'a JSON Schema can refer to JSON Schemas only' : 'register the referenced schema first',
  })
}

function ownUri(root: JsonNode): string {
  if (root.kind !== 'object') return ''
  const id = root.members.get(dialectOf(root).idKeyword)?.value
  return id?.kind === 'string' ? id.value : ''
}
