import type { Metadata } from '@concordat/core'
import { topLevelFields } from '@concordat/core/tags'
import { propertyOf } from '../contracts/merge.js'
import type { ParsedSchema } from '../registry/schema-parser.js'

/** The metadata property with the names that no field may use any more, with commas between. */
const reservedProperty = 'confluent:reserved'

/**
 * What a candidate does wrong with names: those that the newest version reserves stay reserved, and no field at the top
 * of a message has one.
 */
export function reservedNameProblems(
  candidate: { parsed: ParsedSchema; metadata?: Metadata },
  newest: Metadata | undefined,
): string[] {
  const reserved = namesIn(candidate.metadata)
  const given = namesIn(newest).filter((name) => !reserved.includes(name))
  const fields = topLevelFields(candidate.parsed.type, candidate.parsed.print('canonical'))
  const used = reserved.filter((name) => fields.includes(name))
  return [
    ...given.map(
      (name) => `The name '${name}' is reserved by the latest version and has to stay in ${reservedProperty}`,
    ),
    ...used.map((name) => `The field '${name}' has a name that ${reservedProperty} reserves`),
  ]
}

const namesIn = (metadata: Metadata | undefined): string[] =>
  (propertyOf(metadata, reservedProperty) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
