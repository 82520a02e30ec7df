import type { WriterId } from './decoded.js'
import type { RegistryClient } from './registry/registry-client.js'
import type { StoredSchema } from './registry/types.js'
import type { EventDefinition } from './topic-definition.js'

/** The registry does not have the schema that the generated code was made from. */
export class ContractMismatch extends Error {
  override readonly name = 'ContractMismatch'
}

/**
 * Finds the ids of a pinned schema in a registry: ids differ between environments, content does not. Nothing is
 * registered.
 * @throws ContractMismatch
 */
export async function pin(event: EventDefinition, registry: RegistryClient): Promise<WriterId> {
  const { id, subject, version } = event
  if (id !== undefined) {
    const stored = await registry.findById(id, { subject })
    if (stored && isSame(stored, event)) return { id, guid: stored.guid ?? event.guid }
  }
  const references = (event.references ?? [])
    .filter(({ direct }) => direct !== false)
    .map(({ name, subject, version }) => ({ name, subject, version }))
  const found = await registry.find(subject, { schema: event.schema, schemaType: event.format, references })
  if (found) return { id: found.id, guid: found.guid ?? event.guid }
  const other = await registry.findVersion(subject, version)
  throw new ContractMismatch(
    `the registry at ${registry.url} does not have the schema that the code for ${subject} was generated from; ` +
      (other ? `its version ${version} is another one` : `it has no version ${version} of it`) +
      '. Register the schema there (concordat push), or pull and generate again.',
  )
}

function isSame(stored: StoredSchema, event: EventDefinition): boolean {
  if (stored.schemaType !== event.format) return false
  if (stored.guid !== undefined && stored.guid === event.guid) return true
  return comparable(stored.schema, event.format) === comparable(event.schema, event.format)
}

/** The text without what formatting adds. */
function comparable(text: string, format: EventDefinition['format']): string {
  if (format === 'PROTOBUF') return text.trim()
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}
