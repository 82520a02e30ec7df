import { chain, type JournalEntry, type JournalRecord } from '../journal.js'
import type {
  SettingKind,
  StoredAssociation,
  StoredSchema,
  StoredSetting,
  StoredVersion,
  SubjectKey,
  SubjectRange,
  VersionKey,
  WriteTransaction,
} from '../storage.port.js'
import { contentKey, schemaKey, subjectKey, versionKey, type MemoryState } from './memory-state.js'

/** Changes the state at once and remembers how to take each change back. */
export class MemoryTransaction implements WriteTransaction {
  readonly #state: MemoryState
  readonly #undo: (() => void)[] = []

  constructor(state: MemoryState) {
    this.#state = state
  }

  /** Takes back everything that this transaction did. */
  undo(): void {
    for (const step of this.#undo.reverse()) step()
  }

  schema(context: string, id: number) {
    return answer(this.#state.schemas.get(schemaKey(context, id)))
  }

  schemasByGuid(guid: string) {
    return answer(this.#schemas(this.#state.guids.get(guid)).sort(byContextAndId))
  }

  idsOfContent(context: string, content: string) {
    const registered = (schema: StoredSchema) => {
      const last = this.#state.versionsOfId.get(schemaKey(schema.context, schema.id))?.at(-1)
      return last ? (this.#state.registered.get(versionKey(last)) ?? 0) : 0
    }
    const schemas = this.#schemas(this.#state.contents.get(contentKey(context, content)))
    return answer(schemas.sort((a, b) => registered(a) - registered(b) || a.id - b.id).map(({ id }) => id))
  }

  version(key: VersionKey) {
    return answer(this.#state.subjects.get(subjectKey(key))?.get(key.version))
  }

  versions(subject: SubjectKey) {
    return answer([...(this.#state.subjects.get(subjectKey(subject))?.values() ?? [])].sort(byVersion))
  }

  versionsOfId(context: string, id: number) {
    return answer([...(this.#state.versionsOfId.get(schemaKey(context, id)) ?? [])])
  }

  versionsInRange(range: SubjectRange) {
    return answer(this.#inRange(range).flatMap((versions) => [...versions].sort(byVersion)))
  }

  subjectsInRange(range: SubjectRange) {
    return answer(
      this.#inRange(range).map((versions) => {
        const { context, name } = versions[0]
        return { context, name, live: versions.some(({ deleted }) => !deleted) }
      }),
    )
  }

  async referrers(target: VersionKey) {
    const schemas = this.#schemas(this.#state.referrers.get(versionKey(target))).sort(byContextAndId)
    return (await Promise.all(schemas.map(({ context, id }) => this.versionsOfId(context, id)))).flat()
  }

  contexts() {
    return answer([...this.#state.contexts].sort())
  }

  highestId(context: string) {
    return answer(this.#state.highestIds.get(context) ?? 0)
  }

  setting(kind: SettingKind, scope: string) {
    return answer(this.#state.settings[kind].get(scope))
  }

  settings(kind: SettingKind, prefix: string) {
    const found: StoredSetting[] = []
    for (const [scope, value] of this.#state.settings[kind]) if (scope.startsWith(prefix)) found.push({ scope, value })
    return answer(found.sort((a, b) => compare(a.scope, b.scope)))
  }

  associationsOfSubject({ context, name }: SubjectKey) {
    return this.#associations((one) => one.context === context && one.subject === name)
  }

  associationsOfResource(resourceId: string) {
    return this.#associations((one) => one.resourceId === resourceId)
  }

  associationsNamed(resourceNamespace: string | undefined, resourceName: string | undefined) {
    return this.#associations(
      (one) =>
        (resourceNamespace === undefined || one.resourceNamespace === resourceNamespace) &&
        (resourceName === undefined || one.resourceName === resourceName),
    )
  }

  journal(after: number, limit: number) {
    return answer(this.#state.journal.slice(after, after + limit))
  }

  putSchema(schema: StoredSchema, targets: readonly VersionKey[]) {
    const key = schemaKey(schema.context, schema.id)
    this.#set(this.#state.schemas, key, schema)
    this.#set(this.#state.targets, key, targets)
    this.#index(this.#state.guids, schema.guid, key)
    this.#index(this.#state.contents, contentKey(schema.context, schema.contentKey), key)
    for (const target of targets) this.#index(this.#state.referrers, versionKey(target), key)
    return done
  }

  removeSchema(context: string, id: number) {
    const key = schemaKey(context, id)
    const schema = this.#state.schemas.get(key)
    if (!schema) return done
    for (const target of this.#state.targets.get(key) ?? [])
      this.#unindex(this.#state.referrers, versionKey(target), key)
    this.#unindex(this.#state.guids, schema.guid, key)
    this.#unindex(this.#state.contents, contentKey(context, schema.contentKey), key)
    this.#delete(this.#state.targets, key)
    this.#delete(this.#state.schemas, key)
    return done
  }

  putVersion(version: StoredVersion) {
    this.#takeOut(version)
    this.#put(version)
    const key = schemaKey(version.context, version.id)
    this.#putIn(this.#state.versionsOfId, key, [...(this.#state.versionsOfId.get(key) ?? []), version])
    this.#set(this.#state.registered, versionKey(version), ++this.#state.registrations)
    return done
  }

  softDeleteVersion(key: VersionKey, time: number) {
    const found = this.#state.subjects.get(subjectKey(key))?.get(key.version)
    if (!found) return done
    const marked = { ...found, deleted: true, time }
    this.#put(marked)
    const id = schemaKey(found.context, found.id)
    const others = this.#state.versionsOfId.get(id) ?? []
    this.#putIn(
      this.#state.versionsOfId,
      id,
      others.map((one) => (one === found ? marked : one)),
    )
    return done
  }

  removeVersion(key: VersionKey) {
    this.#takeOut(key)
    return done
  }

  putContext(context: string) {
    if (this.#state.contexts.has(context)) return done
    this.#state.contexts.add(context)
    this.#undo.push(() => this.#state.contexts.delete(context))
    return done
  }

  removeContext(context: string) {
    if (this.#state.contexts.delete(context)) this.#undo.push(() => this.#state.contexts.add(context))
    return done
  }

  raiseHighestId(context: string, id: number) {
    if (id > (this.#state.highestIds.get(context) ?? 0)) this.#set(this.#state.highestIds, context, id)
    return done
  }

  putSetting(kind: SettingKind, { scope, value }: StoredSetting) {
    this.#set(this.#state.settings[kind], scope, value)
    return done
  }

  removeSetting(kind: SettingKind, scope: string) {
    this.#delete(this.#state.settings[kind], scope)
    return done
  }

  putAssociation(association: StoredAssociation) {
    this.#set(this.#state.associations, association.guid, association)
    return done
  }

  removeAssociation(guid: string) {
    this.#delete(this.#state.associations, guid)
    return done
  }

  appendJournal(record: JournalRecord): Promise<JournalEntry> {
    const entry = chain(this.#state.journal.at(-1), record)
    this.#state.journal.push(entry)
    this.#undo.push(() => this.#state.journal.pop())
    return answer(entry)
  }

  #schemas(keys: Set<string> | undefined): StoredSchema[] {
    return [...(keys ?? [])].map((key) => this.#state.schemas.get(key)).filter((schema) => schema !== undefined)
  }

  /** The versions of each subject in the range, subjects by context and name. */
  #inRange({ context, prefix }: SubjectRange): StoredVersion[][] {
    const found: StoredVersion[][] = []
    for (const versions of this.#state.subjects.values()) {
      const first = versions.values().next().value
      if (!first || (context !== undefined && first.context !== context) || !first.name.startsWith(prefix)) continue
      found.push([...versions.values()])
    }
    return found.sort(([a], [b]) => (a && b ? compare(a.context, b.context) || compare(a.name, b.name) : 0))
  }

  #associations(wanted: (one: StoredAssociation) => boolean) {
    const found = [...this.#state.associations.values()].filter(wanted)
    return answer(found.sort((a, b) => a.createTs - b.createTs || compare(a.guid, b.guid)))
  }

  #put(version: StoredVersion) {
    const key = subjectKey(version)
    this.#set(this.#state.subjects, key, new Map(this.#state.subjects.get(key)).set(version.version, version))
  }

  #takeOut(key: VersionKey) {
    const subject = subjectKey(key)
    const versions = new Map(this.#state.subjects.get(subject))
    const found = versions.get(key.version)
    if (!found) return
    versions.delete(key.version)
    if (versions.size) this.#set(this.#state.subjects, subject, versions)
    else this.#delete(this.#state.subjects, subject)
    const id = schemaKey(found.context, found.id)
    this.#putIn(
      this.#state.versionsOfId,
      id,
      (this.#state.versionsOfId.get(id) ?? []).filter((one) => one !== found),
    )
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V) {
    const before = map.get(key)
    const had = map.has(key)
    map.set(key, value)
    this.#undo.push(() => void (had ? map.set(key, before as V) : map.delete(key)))
  }

  #delete<K, V>(map: Map<K, V>, key: K) {
    if (!map.has(key)) return
    const before = map.get(key) as V
    map.delete(key)
    this.#undo.push(() => void map.set(key, before))
  }

  #putIn<K, V>(map: Map<K, V[]>, key: K, values: V[]) {
    if (values.length) this.#set(map, key, values)
    else this.#delete(map, key)
  }

  #index(map: Map<string, Set<string>>, key: string, member: string) {
    this.#set(map, key, new Set(map.get(key)).add(member))
  }

  #unindex(map: Map<string, Set<string>>, key: string, member: string) {
    const members = new Set(map.get(key))
    members.delete(member)
    if (members.size) this.#set(map, key, members)
    else this.#delete(map, key)
  }
}

const done = Promise.resolve()
const answer = <T>(value: T): Promise<T> => Promise.resolve(value)
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byVersion = (a: StoredVersion, b: StoredVersion) => a.version - b.version
const byContextAndId = (a: StoredSchema, b: StoredSchema) => compare(a.context, b.context) || a.id - b.id
