import type { SettingKind, StoredSchema } from '../storage.port.js'

/**
 * Rows that hardly ever change, kept in memory: contents under their ids, settings (absent ones too), and which contexts
 * there are. Almost every request asks for some of them, and a query costs fifty times as much.
 *
 * They are those of the last committed state. A commit that changes settings or removes contents or contexts forgets all
 * of them and begins a new epoch before it starts; while it runs nothing is remembered. So what was read in one epoch is
 * consistent.
 */
export class Recent {
  private readonly schemas = new BoundedMap<StoredSchema>(32 * 1024 * 1024)
  private readonly settings = new BoundedMap<Record<string, unknown> | typeof absent>(1024 * 1024)
  private readonly contexts = new Set<string>()
  private changing = false
  private current = 0

  /** Changes whenever what is remembered may no longer be true; undefined while nothing may be remembered. */
  get epoch(): number | undefined {
    return this.changing ? undefined : this.current
  }

  schema(context: string, id: number): StoredSchema | undefined {
    return this.schemas.get(JSON.stringify([context, id]))
  }

  rememberSchema(schema: StoredSchema): void {
    this.schemas.set(JSON.stringify([schema.context, schema.id]), deepFreeze(schema), schema.text.length + 500)
  }

  /** The setting, `absent` if there is none, undefined if that is not known. */
  setting(kind: SettingKind, scope: string): Record<string, unknown> | typeof absent | undefined {
    return this.settings.get(`${kind} ${scope}`)
  }

  rememberSetting(kind: SettingKind, scope: string, value: Record<string, unknown> | undefined): void {
    this.settings.set(`${kind} ${scope}`, value ? deepFreeze(value) : absent, scope.length + 100)
  }

  hasContext(context: string): boolean {
    return this.contexts.has(context)
  }

  rememberContext(context: string): void {
    if (this.contexts.size < 1_000) this.contexts.add(context)
  }

  /** A commit that makes remembered rows wrong is about to start. */
  beginChange(): void {
    this.changing = true
    this.current++
    this.schemas.clear()
    this.settings.clear()
    this.contexts.clear()
  }

  /** That commit has ended, one way or the other. */
  endChange(): void {
    this.changing = false
  }
}

export const absent = Symbol('absent')

/** Drops what was not used for longest when the sum of the weights grows beyond the limit. */
class BoundedMap<V> {
  private readonly entries = new Map<string, { value: V; weight: number }>()
  private total = 0

  constructor(private readonly limit: number) {}

  get(key: string): V | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    this.entries.delete(key)
    this.entries.set(key, entry)
    return entry.value
  }

  set(key: string, value: V, weight: number): void {
    this.total += weight - (this.entries.get(key)?.weight ?? 0)
    this.entries.delete(key)
    this.entries.set(key, { value, weight })
    for (const [oldest, entry] of this.entries) {
      if (this.total <= this.limit) break
      this.entries.delete(oldest)
      this.total -= entry.weight
    }
  }

  clear(): void {
    this.entries.clear()
    this.total = 0
  }
}

/** Many callers share one object, so none may change it. Depth is that of JSON which was parsed before. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}
