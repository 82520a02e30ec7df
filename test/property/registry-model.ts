/**
 * What the registry does, in the plainest words: one list of versions per subject and nothing else. It knows schemas
 * as numbers, all of them compatible with one another.
 */
export class RegistryModel {
  readonly #contexts = new Map<string, ModelContext>()
  readonly #modes = new Map<string, Mode>()

  register({ context, subject, schema }: Target): Outcome {
    const versions = this.#versions({ context, subject })
    const live = versions.filter(({ deleted }) => !deleted)
    const known = live.findLast((one) => one.schema === schema)
    if (known) return { status: 200, id: known.id, version: known.version }
    if (this.mode({ context, subject }) === 'READONLY') return { status: 422, code: 42205 }
    const here = this.#context(context)
    const id = here.ids.get(schema) ?? ++here.highestId
    here.ids.set(schema, id)
    const version = (versions.at(-1)?.version ?? 0) + 1
    // Registered again, a soft-deleted schema comes back as a new version in the place of the old ones.
    const kept = versions.filter((one) => !(one.deleted && one.schema === schema))
    here.subjects.set(subject, [...kept, { version, id, schema, deleted: false }])
    return { status: 200, id, version }
  }

  lookup({ context, subject, schema }: Target, deleted: boolean): Outcome {
    const visible = this.#versions({ context, subject }).filter((one) => deleted || !one.deleted)
    const found = visible.findLast((one) => one.schema === schema)
    if (found) return { status: 200, id: found.id, version: found.version }
    return { status: 404, code: visible.length > 0 ? 40403 : 40401 }
  }

  versions(where: Place, deleted: boolean): Outcome {
    const all = this.#versions(where)
    const visible = all.filter((one) => deleted || !one.deleted)
    if (visible.length === 0) return { status: 404, code: 40401 }
    return { status: 200, versions: visible.map(({ version }) => version) }
  }

  subjects({ context }: Place, deleted: boolean): string[] {
    const all = [...(this.#contexts.get(context)?.subjects ?? [])]
    const visible = all.filter(([, versions]) => versions.some((one) => deleted || !one.deleted))
    return visible.map(([subject]) => subject).sort()
  }

  schema({ context }: Place, id: number): number | undefined {
    for (const versions of this.#contexts.get(context)?.subjects.values() ?? []) {
      const found = versions.find((one) => one.id === id)
      if (found) return found.schema
    }
    return undefined
  }

  deleteSubject(where: Place, permanent: boolean): Outcome {
    const versions = this.#versions(where)
    const live = versions.filter(({ deleted }) => !deleted)
    if (versions.length === 0) return { status: 404, code: 40401 }
    if (live.length === 0 && !permanent) return { status: 404, code: 40404 }
    if (this.mode(where) === 'READONLY') return { status: 422, code: 42205 }
    if (live.length > 0 && permanent) return { status: 404, code: 40405 }
    const gone = permanent ? versions : live
    this.#store(where, permanent ? [] : versions.map((one) => ({ ...one, deleted: true })))
    return { status: 200, versions: gone.map(({ version }) => version) }
  }

  deleteVersion(where: Place, version: number, permanent: boolean): Outcome {
    const versions = this.#versions(where)
    const found = versions.find((one) => one.version === version)
    if (found?.deleted && !permanent) return { status: 404, code: 40406 }
    if (!found) return { status: 404, code: versions.length > 0 ? 40402 : 40401 }
    if (this.mode(where) === 'READONLY') return { status: 422, code: 42205 }
    if (permanent && !found.deleted) return { status: 404, code: 40407 }
    this.#store(
      where,
      permanent
        ? versions.filter((one) => one !== found)
        : versions.map((one) => (one === found ? { ...one, deleted: true } : one)),
    )
    return { status: 200, versions: [version] }
  }

  setMode(place: Place, scope: 'subject' | 'context', mode: Mode): void {
    this.#modes.set(keyOf(place, scope), mode)
  }

  removeMode(place: Place, scope: 'subject' | 'context'): Outcome {
    const known = this.#modes.delete(keyOf(place, scope))
    const always = scope === 'context' && place.context === '.'
    return known || always ? { status: 200 } : { status: 404, code: 40401 }
  }

  mode(place: Place): Mode {
    return this.#modes.get(keyOf(place, 'subject')) ?? this.#modes.get(keyOf(place, 'context')) ?? 'READWRITE'
  }

  #store(where: Place, versions: ModelVersion[]): void {
    const here = this.#context(where.context)
    if (versions.length > 0) {
      here.subjects.set(where.subject, versions)
    } else {
      here.subjects.delete(where.subject)
      this.#modes.delete(keyOf(where, 'subject'))
    }
    // An id means its schema as long as some version, even a soft-deleted one, has it.
    const used = new Set([...here.subjects.values()].flat().map(({ id }) => id))
    for (const [schema, id] of here.ids) if (!used.has(id)) here.ids.delete(schema)
  }

  #versions({ context, subject }: Place): ModelVersion[] {
    return this.#contexts.get(context)?.subjects.get(subject) ?? []
  }

  #context(name: string): ModelContext {
    const found = this.#contexts.get(name) ?? { subjects: new Map(), ids: new Map(), highestId: 0 }
    this.#contexts.set(name, found)
    return found
  }
}

export type Mode = 'READWRITE' | 'READONLY'

export interface Place {
  context: string
  subject: string
}

export interface Target extends Place {
  schema: number
}

export interface Outcome {
  status: number
  code?: number
  id?: number
  version?: number
  versions?: number[]
}

interface ModelVersion {
  version: number
  id: number
  schema: number
  deleted: boolean
}

interface ModelContext {
  subjects: Map<string, ModelVersion[]>
  ids: Map<number, number>
  highestId: number
}

const keyOf = ({ context, subject }: Place, scope: 'subject' | 'context') =>
  JSON.stringify(scope === 'subject' ? [context, subject] : [context])
