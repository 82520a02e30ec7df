import { create } from '@bufbuild/protobuf'
import { SourceCodeInfoSchema, type FileDescriptorProto, type SourceCodeInfo } from '@bufbuild/protobuf/wkt'
import type { ParseOptions } from '../schema/format.js'
import type { ReferenceResolver, Reference, SchemaSource } from '../schema/source.js'
import { InvalidSchema } from '../schema/invalid-schema.js'
import { compile, type Compiled, type FileSource, type Importer } from './compiler/compile.js'
import { collectFeatures } from './compiler/features.js'
import { locate } from './syntax/locations.js'
import { parseLikeConfluent } from './confluent/parser.js'
import { normalizedTree } from './print/index.js'
import { parseText } from './syntax/parser.js'
import type { FileNode } from './syntax/tree.js'
import { readDescriptor } from './compiler/descriptor-input.js'
import type { Element, Features, ProtobufSchema } from './schema.js'

/** The name of a schema's own file; those that it imports are named by their import paths. */
export const mainPath = 'default'

/** @throws InvalidSchema */
export function parse(source: SchemaSource, resolve: ReferenceResolver, options: ParseOptions): ProtobufSchema {
  const references = new References(resolve)
  references.add(source.references)
  const { text } = source
  const strict = options.validation === 'strict'
  const descriptor = readDescriptor(text)
  if (descriptor) references.addFiles(descriptor.others)
  const tree = descriptor ? undefined : treeOf(text, options)
  const schema = schemaOf(text, compile(mainPath, descriptor?.file ?? tree ?? text, references.importer, strict, text))
  // Confluent's server refuses a new schema that it could not normalize.
  if (!strict && options.asNew) normalizedTree(schema)
  return schema
}

/**
 * The statements of a text that the language's own grammar may not describe. What is stored already may have been
 * stored under either validation.
 */
function treeOf(text: string, { validation, asNew }: ParseOptions): FileNode | undefined {
  if (validation === 'strict') return undefined
  if (asNew) return parseLikeConfluent(text)
  try {
    return parseText(text)
  } catch (error) {
    if (!(error instanceof InvalidSchema)) throw error
    return parseLikeConfluent(text)
  }
}

/** Parses a file that imports by path, with whatever gives the files. @throws InvalidSchema */
export function parseFile(path: string, text: string, importer: Importer, strict = true): ProtobufSchema {
  return schemaOf(text, compile(path, text, importer, strict))
}

/** Everything that can be reached over references, by name; where one name is used twice the first one counts. */
class References {
  private readonly texts = new Map<string, FileSource>()
  private readonly visited = new Set<string>()

  constructor(private readonly resolve: ReferenceResolver) {}

  /** Files that came along with a descriptor; a reference of the same name wins. */
  addFiles(files: readonly FileDescriptorProto[]): void {
    for (const file of files) if (!this.texts.has(file.name)) this.texts.set(file.name, file)
  }

  readonly importer: Importer = (path) => this.texts.get(path)

  add(references: readonly Reference[]): void {
    const stack = [...references].reverse().map((reference) => ({ reference, text: undefined as string | undefined }))
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { reference, text } = next
      if (text !== undefined) {
        if (!this.texts.has(reference.name)) this.texts.set(reference.name, text)
        continue
      }
      if (this.visited.has(reference.name)) continue
      this.visited.add(reference.name)
      const source = this.resolve(reference)
      if (!source) {
        throw new InvalidSchema({
          reason: `the reference "${reference.name}" leads to nothing: subject ${reference.subject} has no version ${reference.version}`,
          hint: 'register the referenced schema first',
        })
      }
      // Its own references come first, then it takes its name.
      stack.push({ reference, text: source.text })
      for (const inner of [...source.references].reverse()) stack.push({ reference: inner, text: undefined })
    }
  }
}

function schemaOf(text: string, compiled: Compiled): ProtobufSchema {
  const { table, tree, origins, optionPaths, dependencies, linked, problem } = compiled
  let features: Map<Element, Features> | undefined
  let sourceInfo: SourceCodeInfo | undefined
  return {
    text,
    tree,
    file: table.file,
    origins,
    dependencies,
    linked,
    problem,
    features(element) {
      features ??= collectFeatures([table.file, ...dependencies])
      const found = features.get(element)
      if (!found) throw new TypeError('features are asked for an element of another schema')
      return found
    },
    get sourceInfo() {
      if (tree.at < 0) return table.file.sourceCodeInfo ?? create(SourceCodeInfoSchema)
      return (sourceInfo ??= locate(text, tree, optionPaths))
    },
  }
}
