import type { SchemaType } from '@concordat/core'
import type { EntityTags } from '../registry/schema-request.js'

export function editTags(
  _type: SchemaType,
  _text: string,
  toAdd: readonly EntityTags[],
  toRemove: readonly EntityTags[],
): string | undefined {
  if (toAdd.length === 0 && toRemove.length === 0) return undefined
  throw new Error('not yet')
}
export function inheritTags(_type: SchemaType, _text: string, _older: string): string | undefined {
  return undefined
}
export type { EntityTags }
export function findTags(_type: SchemaType, _text: string, _wanted: readonly string[]): EntityTags[] {
  return []
}
