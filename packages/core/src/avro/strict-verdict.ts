import type { CanReadOptions } from '../schema/format.js'
import type { Change, Verdict } from '../schema/verdict.js'
import { apacheDifferences } from './apache-compatibility.js'
import { withFixes } from './fixes.js'
import type { AvroSchema } from './schema.js'

/** The verdict of Apache's check. It has no witness: what it refuses may be read well, and the reverse. */
export function strictVerdict(
  reader: AvroSchema,
  writer: AvroSchema,
  changes: Change[],
  options: CanReadOptions,
): Verdict {
  const differences = apacheDifferences(reader.root, writer.root)
  if (!differences)
    return { outcome: 'undecided', changes, reason: 'the types of both schemas nest too deep to compare' }
  if (differences.length === 0) return { outcome: 'compatible', changes }
  const again = (edited: AvroSchema) => apacheDifferences(edited.root, writer.root)
  return { outcome: 'incompatible', changes, breaks: withFixes(differences, reader, writer, options, again) }
}
