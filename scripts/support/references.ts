import type { RegistryClient, SchemaPayload, SchemaReference } from '@concordat/client'
import type { History } from '../replay/histories.js'
import { namesOf } from '../replay/names.js'

/** Knows under which subject and version each name was registered, so that later texts can refer to it. */
export class References {
  private readonly known = new Map<string, SchemaReference>()

  constructor(
    private readonly registry: RegistryClient,
    private readonly imports: ReadonlyMap<string, string>,
  ) {}

  /** The payload of a history's version: its text with references for all names that it needs and others define. */
  async payload(type: History['type'], text: string): Promise<SchemaPayload> {
    const references: SchemaReference[] = []
    for (const name of namesOf(type, text).needs) {
      const reference = this.known.get(name) ?? (type === 'PROTOBUF' ? await this.import(name) : undefined)
      if (reference) references.push(reference)
    }
    return { schema: text, schemaType: type, ...(references.length > 0 && { references }) }
  }

  /** Remembers what a registered version defines. */
  registered(history: History, text: string, version: number): void {
    for (const name of namesOf(history.type, text).defines) {
      this.known.set(name, { name, subject: history.subject, version })
    }
  }

  /** Registers a file of `_imports`, what it imports first. Files that the registry has built in are in none. */
  private async import(path: string): Promise<SchemaReference | undefined> {
    const text = this.imports.get(path)
    if (text === undefined) return undefined
    const payload = await this.payload('PROTOBUF', text)
    const { version = 1 } = await this.registry.register(path, payload)
    const reference = { name: path, subject: path, version }
    this.known.set(path, reference)
    return reference
  }
}
