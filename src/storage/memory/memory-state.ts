import type { JournalEntry } from '../journal.js'
import type {
  SettingKind,
  StoredAssociation,
  StoredSchema,
  StoredVersion,
  SubjectKey,
  VersionKey,
} from '../storage.port.js'

/** The tables and their indexes. Keys are JSON arrays, so that no name can look like two. */
export class MemoryState {
  /** By context and id. */
  readonly schemas = new Map<string, StoredSchema>()
  /** By guid: keys of `schemas`. */
  readonly guids = new Map<string, Set<string>>()
  /** By context and content: keys of `schemas`. */
  readonly contents = new Map<string, Set<string>>()
  /** By subject, then by number. */
  readonly subjects = new Map<string, Map<number, StoredVersion>>()
  /** By context and id: the versions in order of registration. */
  readonly versionsOfId = new Map<string, StoredVersion[]>()
  /** By schema: what it refers to; and by what is referred to: keys of `schemas`. */
  readonly targets = new Map<string, readonly VersionKey[]>()
  readonly referrers = new Map<string, Set<string>>()
  readonly contexts = new Set<string>()
  readonly highestIds = new Map<string, number>()
  readonly settings: Record<SettingKind, Map<string, Record<string, unknown>>> = { config: new Map(), mode: new Map() }
  readonly associations = new Map<string, StoredAssociation>()
  readonly journal: JournalEntry[] = []
  /** By version: the number of its registration, to tell which id of a content was registered last. */
  readonly registered = new Map<string, number>()
  registrations = 0
}

export const schemaKey = (context: string, id: number) => JSON.stringify([context, id])
export const contentKey = (context: string, content: string) => JSON.stringify([context, content])
export const subjectKey = ({ context, name }: SubjectKey) => JSON.stringify([context, name])
export const versionKey = ({ context, name, version }: VersionKey) => JSON.stringify([context, name, version])
