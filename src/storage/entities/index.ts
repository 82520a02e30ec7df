import { EntitySchema } from 'typeorm'

/**
 * The tables, as plain data. Engines read and write them with SQL of their own; TypeORM runs the migrations and a test
 * compares these shapes with the migrated database, so the two cannot drift apart.
 *
 * Portable on purpose: times are integers, JSON is text, and no column has a default (engines spell them differently).
 */

interface SchemaRow {
  context: string
  id: number
  content_key: string
  guid: string
  type: string
  text: string
  references: string
  metadata: string | null
  rule_set: string | null
}

export const schemaEntity = new EntitySchema<SchemaRow>({
  name: 'schema',
  tableName: 'schemas',
  columns: {
    context: { type: 'text', primary: true },
    id: { type: 'integer', primary: true },
    content_key: { type: 'text' },
    guid: { type: 'text' },
    type: { type: 'text' },
    text: { type: 'text' },
    references: { type: 'text' },
    metadata: { type: 'text', nullable: true },
    rule_set: { type: 'text', nullable: true },
  },
  indices: [
    { name: 'schemas_by_guid', columns: ['guid'] },
    { name: 'schemas_by_content', columns: ['context', 'content_key'] },
  ],
})

interface SchemaTargetRow {
  context: string
  id: number
  target_context: string
  target_subject: string
  target_version: number
}

/** Which versions the references of a schema mean. */
export const schemaTargetEntity = new EntitySchema<SchemaTargetRow>({
  name: 'schema_target',
  tableName: 'schema_targets',
  columns: {
    context: { type: 'text', primary: true },
    id: { type: 'integer', primary: true },
    target_context: { type: 'text', primary: true },
    target_subject: { type: 'text', primary: true },
    target_version: { type: 'integer', primary: true },
  },
  indices: [{ name: 'schema_targets_by_target', columns: ['target_context', 'target_subject', 'target_version'] }],
})

interface VersionRow {
  registration: number
  context: string
  subject: string
  version: number
  id: number
  deleted: boolean
  time: number
}

/** Registrations. Their own number grows for ever, so it tells which of two came later. */
export const versionEntity = new EntitySchema<VersionRow>({
  name: 'version',
  tableName: 'versions',
  columns: {
    registration: { type: 'integer', primary: true, generated: 'increment' },
    context: { type: 'text' },
    subject: { type: 'text' },
    version: { type: 'integer' },
    id: { type: 'integer' },
    deleted: { type: 'boolean' },
    time: { type: 'bigint' },
  },
  indices: [
    { name: 'versions_by_subject', columns: ['context', 'subject', 'version'], unique: true },
    { name: 'versions_by_id', columns: ['context', 'id'] },
  ],
})

export const contextEntity = new EntitySchema<{ name: string }>({
  name: 'context',
  tableName: 'contexts',
  columns: { name: { type: 'text', primary: true } },
})

/** The highest id ever given out in a context; it outlives the context. */
export const highestIdEntity = new EntitySchema<{ context: string; id: number }>({
  name: 'highest_id',
  tableName: 'highest_ids',
  columns: { context: { type: 'text', primary: true }, id: { type: 'integer' } },
})

export const settingEntity = new EntitySchema<{ kind: string; scope: string; value: string }>({
  name: 'setting',
  tableName: 'settings',
  columns: { kind: { type: 'text', primary: true }, scope: { type: 'text', primary: true }, value: { type: 'text' } },
})

interface AssociationRow {
  guid: string
  context: string
  subject: string
  resource_name: string
  resource_namespace: string
  resource_id: string
  resource_type: string
  association_type: string
  lifecycle: string
  frozen: boolean
  create_ts: number
  update_ts: number
}

export const associationEntity = new EntitySchema<AssociationRow>({
  name: 'association',
  tableName: 'associations',
  columns: {
    guid: { type: 'text', primary: true },
    context: { type: 'text' },
    subject: { type: 'text' },
    resource_name: { type: 'text' },
    resource_namespace: { type: 'text' },
    resource_id: { type: 'text' },
    resource_type: { type: 'text' },
    association_type: { type: 'text' },
    lifecycle: { type: 'text' },
    frozen: { type: 'boolean' },
    create_ts: { type: 'bigint' },
    update_ts: { type: 'bigint' },
  },
  indices: [
    { name: 'associations_by_subject', columns: ['context', 'subject'] },
    { name: 'associations_by_resource', columns: ['resource_id'] },
    { name: 'associations_by_name', columns: ['resource_name', 'resource_namespace'] },
  ],
})

interface JournalRow {
  sequence: number
  time: number
  kind: string
  subject: string
  payload: string
  previous_hash: string
  hash: string
}

/** The append-only history. Nothing ever updates or deletes a row. */
export const journalEntity = new EntitySchema<JournalRow>({
  name: 'journal_entry',
  tableName: 'journal',
  columns: {
    sequence: { type: 'integer', primary: true },
    time: { type: 'bigint' },
    kind: { type: 'text' },
    subject: { type: 'text' },
    payload: { type: 'text' },
    previous_hash: { type: 'text' },
    hash: { type: 'text' },
  },
})

export const entities = [
  schemaEntity,
  schemaTargetEntity,
  versionEntity,
  contextEntity,
  highestIdEntity,
  settingEntity,
  associationEntity,
  journalEntity,
]
