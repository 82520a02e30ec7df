import { parseFile } from '../parse.js'
import type { ProtobufSchema } from '../schema.js'
import { fileSet, type FileSet, type SourceFile } from './file-set.js'

/**
 * Compiles a folder of .proto files, which import each other by their paths in it, into one side of a comparison.
 *
 * @param files path to text; well-known files need not be among them
 * @throws InvalidSchema if one of them does not compile
 */
export function compileFolder(files: ReadonlyMap<string, string>): FileSet {
  const sources = new Map<string, SourceFile>()
  const add = (path: string, source: SourceFile): void => {
    if (!sources.has(path)) sources.set(path, source)
  }
  const schemas = [...files.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => parseFile(path, text, (imported) => files.get(imported)))
  for (const schema of schemas) add(schema.file.name, sourceOf(schema))
  for (const schema of schemas) {
    const features = schema.features.bind(schema)
    for (const descriptor of schema.dependencies) add(descriptor.name, { descriptor, features })
  }
  return fileSet([...sources.values()])
}

/** A schema's own file, with its places in the text. */
export function sourceOf(schema: ProtobufSchema): SourceFile {
  return {
    descriptor: schema.file,
    features: schema.features.bind(schema),
    get sourceInfo() {
      return schema.sourceInfo
    },
  }
}
