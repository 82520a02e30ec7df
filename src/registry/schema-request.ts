import type { Metadata, Reference, RuleSet } from '@concordat/core'
import type { EntityTags, EntityType } from '@concordat/core/tags'
import { metadata, ruleSet } from '../contracts/contract-body.js'
import { integer, list, object, oneOf, text, toggle, type Decoder } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'

const entityTypes = ['sr_record', 'sr_field'] as const satisfies EntityType[]

/** A schema as clients send it, to register it, to look it up or to have it checked. */
export interface SchemaRequest {
  schema?: string
  schemaType: string
  /** References may ask for version -1, the latest. */
  references: Reference[]
  metadata?: Metadata
  ruleSet?: RuleSet
  /** 0: the next one; below 0: the latest is meant; above: exactly this one. */
  version: number
  /** Below 0: the registry decides. */
  id: number
  schemaTagsToAdd: EntityTags[]
  schemaTagsToRemove: EntityTags[]
  propagateSchemaTags: boolean
}

const nullReference = (path: string) => new RegistryError('invalidReference', { detail: `${path} is null` })

const reference = object<Partial<Reference>>({ name: text, subject: text, version: integer })

const entity = object<Partial<EntityTags['schemaEntity']>>({ entityPath: text, entityType: oneOf(entityTypes) })

export const entityTags: Decoder<EntityTags> = (value, path) => {
  const raw = rawTags(value, path)
  if (!raw) return undefined
  const { entityPath, entityType } = raw.schemaEntity ?? {}
  if (entityPath === undefined || entityType === undefined)
    throw new RegistryError('invalidSchemaRequest', { detail: `${path} needs schemaEntity.entityPath and .entityType` })
  return { schemaEntity: { entityPath, entityType }, tags: raw.tags ?? [] }
}
const rawTags = object<{ schemaEntity: Partial<EntityTags['schemaEntity']>; tags: string[] }>({
  schemaEntity: entity,
  tags: list(text),
})

type RawRequest = Partial<Omit<SchemaRequest, 'references'> & { references: Partial<Reference>[] }>

const rawRequest = object<RawRequest>({
  schema: text,
  schemaType: text,
  references: list(reference, nullReference),
  metadata,
  ruleSet,
  version: integer,
  id: integer,
  schemaTagsToAdd: list(entityTags),
  schemaTagsToRemove: list(entityTags),
  propagateSchemaTags: toggle,
})

export const schemaRequest: Decoder<SchemaRequest> = (value, path) => {
  const raw = rawRequest(value, path)
  return raw && withDefaults(raw)
}

function withDefaults(raw: RawRequest): SchemaRequest {
  return {
    ...raw,
    schemaType: raw.schemaType ?? 'AVRO',
    references: (raw.references ?? []) as Reference[],
    version: raw.version ?? 0,
    id: raw.id ?? -1,
    schemaTagsToAdd: raw.schemaTagsToAdd ?? [],
    schemaTagsToRemove: raw.schemaTagsToRemove ?? [],
    propagateSchemaTags: raw.propagateSchemaTags ?? false,
  }
}

/** A request for what is stored already, to register it with changes. */
export const requestOf = (
  stored: Pick<SchemaRequest, 'schema' | 'schemaType' | 'references' | 'metadata' | 'ruleSet'>,
): SchemaRequest => withDefaults(stored)
