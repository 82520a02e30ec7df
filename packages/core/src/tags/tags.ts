import type { SchemaType } from '../schema/source.js'
import { avroPlaces, jsonSchemaPlaces } from './json-places.js'
import type { EntityType, Place, TextEdit } from './place.js'
import { protobufPlaces } from './protobuf-places.js'

/** Tags at one place of a schema, in the shape of the protocol. */
export interface EntityTags {
  schemaEntity: { entityPath: string; entityType: EntityType }
  tags: string[]
}

/** A tag for a place that the schema does not have. */
export class NoSuchPlace extends Error {
  override readonly name = 'NoSuchPlace'
  constructor(
    readonly path: string,
    readonly type: EntityType,
  ) {
    super(`the schema has no ${type} '${path}'`)
  }
}

/** Where each format keeps tags inside of its text. */
const placesOf: Record<SchemaType, (text: string) => Place[]> = {
  AVRO: avroPlaces,
  JSON: jsonSchemaPlaces,
  PROTOBUF: protobufPlaces,
}

/** The places with one of the wanted tags (`*`: any), each with all of its tags. */
export function findTags(type: SchemaType, text: string, wanted: readonly string[]): EntityTags[] {
  const all = wanted.includes('*')
  return placesOf[type](text)
    .filter(({ tags }) => tags.some((tag) => all || wanted.includes(tag)))
    .map((place) => ({ schemaEntity: { entityPath: place.path, entityType: place.type }, tags: place.tags }))
}

/** The text with tags added and then removed. @throws NoSuchPlace */
export function editTags(
  type: SchemaType,
  text: string,
  toAdd: readonly EntityTags[],
  toRemove: readonly EntityTags[],
): string {
  let edited = text
  for (const { schemaEntity, tags } of toAdd)
    edited = retag(type, edited, schemaEntity, (old) => [...new Set([...old, ...tags])])
  for (const { schemaEntity, tags } of toRemove)
    edited = retag(type, edited, schemaEntity, (old) => old.filter((tag) => !tags.includes(tag)))
  return edited
}

/** The text with the tags of an older text at the places that both have. */
export function inheritTags(type: SchemaType, text: string, older: string): string {
  const here = new Set(placesOf[type](text).map(({ path, type }) => `${type} ${path}`))
  const inherited = findTags(type, older, ['*']).filter(({ schemaEntity: { entityPath, entityType } }) =>
    here.has(`${entityType} ${entityPath}`),
  )
  return editTags(type, text, inherited, [])
}

function retag(
  type: SchemaType,
  text: string,
  { entityPath, entityType }: EntityTags['schemaEntity'],
  change: (tags: readonly string[]) => readonly string[],
): string {
  const place = placesOf[type](text).find((one) => one.path === entityPath && one.type === entityType)
  if (!place) throw new NoSuchPlace(entityPath, entityType)
  return applied(text, place.retag(change(place.tags)))
}

const applied = (text: string, edit: TextEdit) => text.slice(0, edit.at) + edit.text + text.slice(edit.end)
