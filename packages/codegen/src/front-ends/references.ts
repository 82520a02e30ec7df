import type { ReferenceResolver, SchemaSource } from '@concordat/core'
import type { EventInput, ReferencedSchema } from '../binding-input.js'

export function sourceOf({ type, text, references }: Pick<EventInput, 'type' | 'text' | 'references'>): SchemaSource {
  return { type, text, references: references.map(({ name, subject, version }) => ({ name, subject, version })) }
}

/** All that an event's schema can reach, once, each after what it refers to itself. */
export function reachable(references: readonly ReferencedSchema[]): ReferencedSchema[] {
  const found = new Map<string, ReferencedSchema>()
  const visit = (reference: ReferencedSchema, depth: number): void => {
    const key = keyOf(reference)
    if (found.has(key) || depth > maxDepth) return
    for (const inner of reference.references) visit(inner, depth + 1)
    found.set(key, reference)
  }
  for (const reference of references) visit(reference, 0)
  return [...found.values()]
}

export function resolverOf(event: EventInput): ReferenceResolver {
  const sources = new Map(reachable(event.references).map((reference) => [keyOf(reference), reference]))
  return (reference) => {
    const found = sources.get(keyOf(reference))
    return found && sourceOf({ ...found, type: event.type })
  }
}

const maxDepth = 100

const keyOf = ({ name, subject, version }: { name: string; subject: string; version: number }) =>
  JSON.stringify([name, subject, version])
