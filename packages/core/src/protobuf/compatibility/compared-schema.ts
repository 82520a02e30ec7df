import type { Position } from '../../schema/index.js'
import type { ProtobufSchema } from '../schema.js'
import { fileSet, type FileModel, type FileSet, type Located } from './file-set.js'
import { sourceOf } from './folder.js'
import type { Place } from './location.js'

/** A schema as its comparisons see it: its own file, and a set of that file and everything that it imports. */
export interface ComparedSchema {
  readonly file: FileModel
  readonly set: FileSet
}

const views = new WeakMap<ProtobufSchema, ComparedSchema>()

/** The view of a schema; made once, since schemas are immutable and a subject's versions are compared again and again. */
export function compared(schema: ProtobufSchema): ComparedSchema {
  let view = views.get(schema)
  if (!view) {
    view = viewOf(schema)
    views.set(schema, view)
  }
  return view
}

function viewOf(schema: ProtobufSchema): ComparedSchema {
  const features = schema.features.bind(schema)
  const imports = schema.dependencies.map((descriptor) => ({ descriptor, features }))
  const set = fileSet([sourceOf(schema), ...imports])
  const [file] = set.files
  if (!file) throw new Error('a set has a file for every descriptor')
  return { file, set }
}

/** Where something stands in the schema's own text; nothing if it stands in an import. */
export function positionOf(schema: ComparedSchema, at: Located | undefined): Position | undefined {
  return at?.file === schema.file ? schema.file.locate(at.mapField ?? at.path)?.start : undefined
}

export const ownPosition = (schema: ComparedSchema, place: Place | undefined): Position | undefined =>
  place?.file === schema.file.path ? place.start : undefined
