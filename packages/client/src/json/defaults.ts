import { isObject, type SchemaDocuments } from './documents.js'

type Fill = (value: unknown) => void

const nothing: Fill = () => undefined

/**
 * Fills the defaults of missing properties in. Only where the schema applies for certain: below `properties`, `items`,
 * `additionalProperties`, `$ref` and `allOf`, not in alternatives (`anyOf`, `oneOf`, `if`), whose defaults may be those
 * of another case. The generated types say the same.
 */
export class DefaultFiller {
  private readonly fills = new Map<unknown, Fill>()
  private readonly root: Fill

  constructor(private readonly documents: SchemaDocuments) {
    this.root = this.compile(documents.root)
  }

  /** Changes the value in place. */
  fill(value: unknown): unknown {
    this.root(value)
    return value
  }

  private compile(schema: unknown): Fill {
    if (!isObject(schema)) return nothing
    const known = this.fills.get(schema)
    if (known) return known
    let fill = nothing
    this.fills.set(schema, (value) => fill(value))
    const steps = [...this.references(schema), ...this.properties(schema), ...this.items(schema)].filter(
      (step) => step !== nothing,
    )
    if (steps.length > 0) fill = (value) => steps.forEach((step) => step(value))
    else this.fills.set(schema, nothing)
    return steps.length > 0 ? fill : nothing
  }

  private references(schema: Record<string, unknown>): Fill[] {
    const all = Array.isArray(schema.allOf) ? schema.allOf.map((part) => this.compile(part)) : []
    return typeof schema.$ref === 'string' ? [this.compile(this.documents.find(schema.$ref, schema)), ...all] : all
  }

  private properties(schema: Record<string, unknown>): Fill[] {
    if (!isObject(schema.properties)) return []
    return Object.entries(schema.properties).flatMap(([key, property]) => {
      const inner = this.compile(property)
      const fallback = isObject(property) && Object.hasOwn(property, 'default') ? { json: property.default } : undefined
      if (inner === nothing && !fallback) return []
      return (value: unknown) => {
        if (!isObject(value)) return
        if (fallback && !Object.hasOwn(value, key)) {
          const copy = structuredClone(fallback.json)
          Object.defineProperty(value, key, { value: copy, enumerable: true, writable: true, configurable: true })
        }
        if (Object.hasOwn(value, key)) inner(value[key])
      }
    })
  }

  private items(schema: Record<string, unknown>): Fill[] {
    const item = this.compile(schema.items)
    const other = schema.patternProperties === undefined ? this.compile(schema.additionalProperties) : nothing
    const named = new Set(Object.keys(isObject(schema.properties) ? schema.properties : {}))
    return [
      item === nothing ? nothing : (value) => Array.isArray(value) && value.forEach(item),
      other === nothing
        ? nothing
        : (value) => isObject(value) && Object.keys(value).forEach((key) => !named.has(key) && other(value[key])),
    ]
  }
}
