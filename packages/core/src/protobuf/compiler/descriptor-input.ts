import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import { InvalidSchema } from '../../schema/invalid-schema.js'

/** What a client sent in place of text: a descriptor, and files that came with it. */
export interface DescriptorInput {
  file: FileDescriptorProto
  others: FileDescriptorProto[]
}

/** Reads a base64 FileDescriptorProto or FileDescriptorSet (the last file is the schema); `undefined` if it is neither. */
export function readDescriptor(text: string): DescriptorInput | undefined {
  const trimmed = text.trim()
  if (trimmed === '' || !/^[A-Za-z0-9+/_-]+=*$/.test(trimmed)) return undefined
  const bytes = decodeBase64(trimmed)
  if (!bytes) return undefined
  const files = asSet(bytes) ?? asFile(bytes)
  const file = files?.at(-1)
  return file && files && { file, others: files.slice(0, -1) }
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** A set holds nothing but files; a single file starts with its name, which does not read as a file. */
function asSet(bytes: Uint8Array): FileDescriptorProto[] | undefined {
  try {
    const set = fromBinary(FileDescriptorSetSchema, bytes)
    const isSet = set.file.length > 0 && !set.$unknown?.length && set.file.every((file) => isPlausible(file))
    return isSet ? set.file : undefined
  } catch {
    return undefined
  }
}

function asFile(bytes: Uint8Array): FileDescriptorProto[] | undefined {
  try {
    return [fromBinary(FileDescriptorProtoSchema, bytes)]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new InvalidSchema({ reason: `the text is base64, but no FileDescriptorProto: ${reason}` })
  }
}

const isPlausible = (file: FileDescriptorProto) => file.name !== '' && !file.$unknown?.length
