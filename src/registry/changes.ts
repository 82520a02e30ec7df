import { settingKinds, scopeKey } from '../settings/scopes.js'
import type { StoredSchema, StoredVersion, VersionKey, WriteTransaction } from '../storage/storage.port.js'
import { contentKeyOf, guidFor, type Content } from './content.js'
import { formatSubject } from './subject-name.js'

/** The only functions that change what is registered: each keeps the tables, the counters and the journal in step. */

/** Gives a content an id of its own in a context. Without an id the next one is taken. */
export async function addSchema(
  tx: WriteTransaction,
  context: string,
  content: Content,
  targets: readonly VersionKey[],
  givenId?: number,
): Promise<StoredSchema> {
  const id = givenId ?? (await tx.highestId(context)) + 1
  const contentKey = contentKeyOf(content)
  const others = await tx.schemasByGuid(guidFor(content, false))
  // Other contexts do not count: what a schema's guid is must not depend on them.
  const taken = others.some((other) => other.context === context && other.contentKey !== contentKey)
  const schema: StoredSchema = { context, id, contentKey, guid: guidFor(content, taken), ...content }
  await tx.raiseHighestId(context, id)
  await tx.putSchema(schema, targets)
  return schema
}

/** Registers a content as a version; what stood there goes, but not its content: messages with its id are about. */
export async function addVersion(
  tx: WriteTransaction,
  key: VersionKey,
  schema: StoredSchema,
  time: number,
): Promise<StoredVersion> {
  const { context, name, version } = key
  const added: StoredVersion = { context, name, version, id: schema.id, deleted: false, time }
  await tx.putContext(context)
  await tx.putVersion(added)
  const { guid, type, text, references, metadata, ruleSet } = schema
  await tx.appendJournal({
    kind: 'version-registered',
    subject: formatSubject(key),
    payload: { version, id: schema.id, guid, type, text, references, metadata, ruleSet },
    time,
  })
  return added
}

export async function softDelete(tx: WriteTransaction, version: StoredVersion, time: number): Promise<void> {
  await tx.softDeleteVersion(version, time)
  await tx.appendJournal({
    kind: 'version-deleted',
    subject: formatSubject(version),
    payload: { version: version.version, id: version.id },
    time,
  })
}

/** Removes a version for good, with its content and the subject's settings if nothing else holds them. */
export async function removeVersion(tx: WriteTransaction, version: StoredVersion, time: number): Promise<void> {
  await tx.removeVersion(version)
  await dropIfUnused(tx, version.context, version.id)
  await tx.appendJournal({
    kind: 'version-removed',
    subject: formatSubject(version),
    payload: { version: version.version, id: version.id },
    time,
  })
  if ((await tx.versions(version)).length === 0) await removeSettings(tx, version, time)
}

async function removeSettings(tx: WriteTransaction, subject: VersionKey, time: number): Promise<void> {
  for (const kind of settingKinds) {
    const scope = scopeKey(subject)
    if (!(await tx.setting(kind, scope))) continue
    await tx.removeSetting(kind, scope)
    await tx.appendJournal({ kind: `${kind}-removed`, subject: scope, payload: {}, time })
  }
}

async function dropIfUnused(tx: WriteTransaction, context: string, id: number): Promise<void> {
  if ((await tx.versionsOfId(context, id)).length === 0) await tx.removeSchema(context, id)
}
