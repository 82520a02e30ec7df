import { isObject, isSchemaMap } from './documents.js'

/** Keywords that mean the opposite, choose, or hold data: what is below them stays as it is. */
const untouched = new Set(['not', 'if', 'const', 'default', 'examples', 'dependencies'])

/**
 * A copy of a schema that also accepts what a later version may have added: unknown properties, and unknown strings in
 * enums of strings. With closed alternatives gone more than one may fit, so `oneOf` becomes `anyOf`.
 */
export function tolerant(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tolerant)
  if (!isObject(schema)) return schema
  const kept: [string, unknown][] = []
  const alternatives: unknown[] = []
  for (const [key, value] of Object.entries(schema)) {
    if (isSchemaMap(key, value)) kept.push([key, mapValues(value, tolerant)])
    else if ((key === 'additionalProperties' || key === 'unevaluatedProperties') && value === false) continue
    else if (key === 'enum' && isOpen(value)) alternatives.push(openEnum(value))
    else if (key === 'oneOf') alternatives.push(tolerant(value))
    else kept.push([key, untouched.has(key) ? value : tolerant(value)])
  }
  if (alternatives.length > 0) {
    const all = kept.find(([key]) => key === 'allOf')?.[1]
    kept.push([
      'allOf',
      [...(Array.isArray(all) ? (all as unknown[]) : []), ...alternatives.map((anyOf) => ({ anyOf }))],
    ])
  }
  return fromEntries(kept)
}

/** An enum of one value is a constant, by which alternatives are told apart. */
const isOpen = (values: unknown): values is unknown[] =>
  Array.isArray(values) && values.length > 1 && values.some(isString)

const isString = (value: unknown) => typeof value === 'string'

function openEnum(values: unknown[]): unknown[] {
  const others = values.filter((value) => !isString(value))
  return [{ type: 'string' }, ...(others.length > 0 ? [{ enum: others }] : [])]
}

const mapValues = (object: Record<string, unknown>, change: (value: unknown) => unknown) =>
  fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))

/** Unlike an assignment this makes `__proto__` a key like any other. */
const fromEntries = (entries: [string, unknown][]): Record<string, unknown> => Object.fromEntries(entries)
