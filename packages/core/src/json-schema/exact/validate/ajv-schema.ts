import type { JsonNode, JsonObject } from '../../../text/json-document.js'
import { effectiveKeywords } from '../compile/effective-keywords.js'
import { isKeyword, refStandsAlone, shapeOf } from '../compile/keywords.js'
import type { ExactDialect } from '../schema-document.js'
import { exactValue, toPlain } from '../values/exact-value.js'

/** Keywords that ajv gives a meaning of its own, which no dialect has. */
const notOfTheDialect = new Set(['nullable', 'id', '$id', '$schema', '$async', 'discriminator', '$data'])

/**
 * A schema as ajv has to be given it so that it applies the dialect's rules: without keywords of other dialects, without
 * the siblings of a `$ref` that stands alone, and with a few spellings that ajv gets wrong replaced by equal ones.
 * @param names keys of the message to be judged: `properties` of other names say nothing about it and are left out,
 *   for compiling them is most of the time that ajv takes
 */
export function ajvSchema(node: JsonNode, dialect: ExactDialect, names?: ReadonlySet<string>): unknown {
  if (node.kind !== 'object') return plain(node)
  const effective = effectiveKeywords(node, dialect)
  const schema: Record<string, unknown> = {}
  const aloneRef = effective.has('$ref') && refStandsAlone(dialect)
  for (const [name, { value }] of node.members) {
    const used = effective.has(name)
    if (used ? name === '$schema' : isKeyword(name) || notOfTheDialect.has(name)) {
      // What cannot apply may still be where a reference points to.
      if (aloneRef && (name === 'definitions' || name === '$defs')) schema[name] = convert(name, value, dialect, names)
      continue
    }
    if (name === '__proto__') continue
    schema[name] = used ? convert(name, value, dialect, names) : plain(value)
  }
  replaceMisread(schema, node)
  return schema
}

function replaceMisread(schema: Record<string, unknown>, node: JsonObject): void {
  if (Array.isArray(schema.enum) && schema.enum.length === 0) {
    delete schema.enum
    schema.not = schema.not === undefined ? {} : { anyOf: [{}, schema.not] }
  }
  const properties = node.members.get('properties')?.value
  if (properties?.kind === 'object' && properties.members.has('__proto__')) {
    const own = schema.properties as Record<string, unknown>
    schema.patternProperties = { ...(schema.patternProperties as object), '^__proto__$': own.__proto__ }
    delete own.__proto__
  }
  // Without `then` ajv forgets what `if` evaluated.
  if (schema.if !== undefined && schema.then === undefined) schema.then = schema.if
}

function convert(name: string, value: JsonNode, dialect: ExactDialect, names?: ReadonlySet<string>): unknown {
  const shape = shapeOf(name, dialect)
  if (!shape || shape === 'none') return plain(value)
  if (value.kind === 'array')
    return value.items.map((item) => (item.kind === 'string' ? item.value : ajvSchema(item, dialect, names)))
  if ((shape === 'map' || shape === 'map-or-names') && value.kind === 'object') {
    const map = Object.create(null) as Record<string, unknown>
    for (const [key, member] of value.members) {
      if (name === 'properties' && names?.has(key) === false) continue
      map[key] = member.value.kind === 'array' ? plain(member.value) : ajvSchema(member.value, dialect, names)
    }
    return map
  }
  return ajvSchema(value, dialect, names)
}

/** Ordinary objects: ajv compares constructors when it compares values. */
function plain(node: JsonNode): unknown {
  return toPlain(exactValue(node))
}
