import { clone } from '@bufbuild/protobuf'
import { type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { collectFeatures } from '../compiler/features.js'
import type { ComparedSchema } from './compared-schema.js'
import { fileSet, type FileSet, type Located } from './file-set.js'
import { type Candidate, candidatesFor } from './fix-candidates.js'

/** A break to be repaired in the reader's schema: what identifies it among the breaks, and what it is about. */
export interface Broken {
  /** Rule and path. */
  key: string
  older?: Located | undefined
  newer?: Located | undefined
}

/** How many repaired schemas are judged for one verdict, and how many fields they may have together. */
const limits = { trials: 40, fields: 20_000 }

/**
 * Looks for a small change of the reader's schema that makes each break go away without making another one, by trying:
 * what is returned has been applied and judged.
 *
 * @param judge the keys of all breaks that are left with a repaired reader
 * @returns by break, what to change in words; nothing for a break that no candidate repairs
 */
export function findFixes(
  breaks: readonly Broken[],
  writer: ComparedSchema,
  reader: ComparedSchema,
  judge: (reader: ComparedSchema) => string[],
): Map<Broken, string> {
  const before = new Set(breaks.map(({ key }) => key))
  const fixes = new Map<Broken, string>()
  const size = [...reader.set.messages.values()].reduce((sum, { fields }) => sum + fields.length + 1, 0)
  let left = Math.min(limits.trials, Math.floor(limits.fields / size))
  for (const broken of breaks) {
    for (const candidate of candidatesFor(broken, writer.set, reader)) {
      if (left-- <= 0) return fixes
      const repaired = repair(reader, candidate)
      const after = repaired && judge(repaired)
      if (after && !after.includes(broken.key) && after.every((key) => before.has(key))) {
        fixes.set(broken, candidate.text)
        break
      }
    }
  }
  return fixes
}

/** The reader with the change made; `undefined` if it then has a type that leads nowhere. */
function repair(reader: ComparedSchema, { edit }: Candidate): ComparedSchema | undefined {
  const own = clone(FileDescriptorProtoSchema, reader.file.descriptor)
  edit(own)
  const descriptors = [
    own,
    ...reader.set.files.map(({ descriptor }) => descriptor).filter((file) => file.name !== own.name),
  ]
  const set = setOf(descriptors)
  const [file] = set.files
  return file && isResolved(set) ? { file, set } : undefined
}

function setOf(descriptors: readonly FileDescriptorProto[]): FileSet {
  const features = collectFeatures(descriptors)
  return fileSet(
    descriptors.map((descriptor) => ({
      descriptor,
      features: (element) => {
        const own = features.get(element)
        if (!own) throw new Error(`no features for ${element.name}`)
        return own
      },
    })),
  )
}

function isResolved({ messages, enums }: FileSet): boolean {
  const fields = [...messages.values()].flatMap((message) => message.fields)
  return fields.every(({ typeName }) => typeName === undefined || messages.has(typeName) || enums.has(typeName))
}
