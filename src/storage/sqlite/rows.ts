import type { JournalEntry } from '../journal.js'
import type { StoredAssociation, StoredSchema, StoredVersion } from '../storage.port.js'
import type { SqlValue } from './connection.js'

// How the values of the port stand in rows. A missing row is `undefined`, not an error.

export interface SchemaRow {
  context: string
  id: number
  content_key: string
  guid: string
  type: StoredSchema['type']
  text: string | Buffer
  references: string
  metadata: string | null
  rule_set: string | null
}

export const schemaColumns = 'context, id, content_key, guid, type, text, "references", metadata, rule_set'

export const schemaOf = (row: SchemaRow): StoredSchema => ({
  context: row.context,
  id: row.id,
  contentKey: row.content_key,
  guid: row.guid,
  type: row.type,
  text: textOf(row.text),
  references: parse(row.references) as StoredSchema['references'],
  ...(row.metadata !== null && { metadata: parse(row.metadata) as StoredSchema['metadata'] }),
  ...(row.rule_set !== null && { ruleSet: parse(row.rule_set) as StoredSchema['ruleSet'] }),
})

export const schemaValues = (schema: StoredSchema): SqlValue[] => [
  schema.context,
  schema.id,
  schema.contentKey,
  schema.guid,
  schema.type,
  textValue(schema.text),
  JSON.stringify(schema.references),
  schema.metadata ? JSON.stringify(schema.metadata) : null,
  schema.ruleSet ? JSON.stringify(schema.ruleSet) : null,
]

/**
 * SQLite keeps text as UTF-8, and the driver would replace what UTF-8 cannot say: half of a surrogate pair, which an
 * escape in a JSON text can hold. Such a text (and one with NUL, where SQLite's text functions stop) is kept as UTF-16
 * bytes, so that what is read is what was written.
 */
const textValue = (text: string): SqlValue => (!/\p{Surrogate}|\0/u.test(text) ? text : Buffer.from(text, 'utf16le'))

const textOf = (stored: string | Buffer) => (typeof stored === 'string' ? stored : stored.toString('utf16le'))

export interface VersionRow {
  context: string
  subject: string
  version: number
  id: number
  deleted: number
  time: number
}

export const versionColumns = 'context, subject, version, id, deleted, time'

export const versionOf = ({ context, subject, version, id, deleted, time }: VersionRow): StoredVersion => ({
  context,
  name: subject,
  version,
  id,
  deleted: deleted !== 0,
  time,
})

export interface AssociationRow {
  guid: string
  context: string
  subject: string
  resource_name: string
  resource_namespace: string
  resource_id: string
  resource_type: string
  association_type: string
  lifecycle: StoredAssociation['lifecycle']
  frozen: number
  create_ts: number
  update_ts: number
}

export const associationColumns =
  'guid, context, subject, resource_name, resource_namespace, resource_id, resource_type, association_type, ' +
  'lifecycle, frozen, create_ts, update_ts'

export const associationOf = (row: AssociationRow): StoredAssociation => ({
  guid: row.guid,
  context: row.context,
  subject: row.subject,
  resourceName: row.resource_name,
  resourceNamespace: row.resource_namespace,
  resourceId: row.resource_id,
  resourceType: row.resource_type,
  associationType: row.association_type,
  lifecycle: row.lifecycle,
  frozen: row.frozen !== 0,
  createTs: row.create_ts,
  updateTs: row.update_ts,
})

export const associationValues = (one: StoredAssociation): SqlValue[] => [
  one.guid,
  one.context,
  one.subject,
  one.resourceName,
  one.resourceNamespace,
  one.resourceId,
  one.resourceType,
  one.associationType,
  one.lifecycle,
  one.frozen ? 1 : 0,
  one.createTs,
  one.updateTs,
]

export interface JournalRow {
  sequence: number
  time: number
  kind: JournalEntry['kind']
  subject: string
  payload: string
  previous_hash: string
  hash: string
}

export const journalColumns = 'sequence, time, kind, subject, payload, previous_hash, hash'

export const journalEntryOf = (row: JournalRow): JournalEntry => ({
  sequence: row.sequence,
  time: row.time,
  kind: row.kind,
  subject: row.subject,
  payload: parse(row.payload) as JournalEntry['payload'],
  previousHash: row.previous_hash,
  hash: row.hash,
})

export const journalValues = (entry: JournalEntry): SqlValue[] => [
  entry.sequence,
  entry.time,
  entry.kind,
  entry.subject,
  JSON.stringify(entry.payload),
  entry.previousHash,
  entry.hash,
]

export const parse = (json: string): unknown => JSON.parse(json)
