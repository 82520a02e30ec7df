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

/** The names of the fields that a message has at its top: of an Avro record, of a JSON object, of each Protobuf message. */
export function topLevelFields(type: SchemaType, text: string): string[] {
  const places = placesOf[type](text)
  const records = places.filter((place) => place.type === 'sr_record' && isTopLevel(type, place.path, places))
  const fields = places.filter(({ type }) => type === 'sr_field')
  return records.flatMap(({ path }) =>
    fields.flatMap((field) => {
      const name = field.path.startsWith(`${path}.`) ? field.path.slice(path.length + 1) : ''
      // A member of a oneof is named behind its oneof.
      const parts = name.split('.')
      return name !== '' && (parts.length === 1 || type === 'PROTOBUF') ? [parts.at(-1) ?? ''] : []
    }),
  )
}

function isTopLevel(type: SchemaType, path: string, places: readonly Place[]): boolean {
  if (type === 'PROTOBUF') return !path.includes('.')
  return path === places.find((place) => place.type === 'sr_record')?.path
}
