import { FieldDescriptorProto_Label as Label, FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { FieldModel, Located } from '../file-set.js'
import type { Found } from './compare.js'
import { differenceTypes } from './differences.js'

/** What a difference is about, what happened to it, and from what to what. */
export function describe({ type, path, older, newer }: Found): string {
  const subject = nameOf(newer, path) ?? nameOf(older, path) ?? path
  const { purpose } = differenceTypes[type]
  const [was, is] = [detail(older), detail(newer)]
  const change = was && is && was !== is ? ` (${was} became ${is})` : ''
  return `${subject}: ${purpose}${change}`
}

const isField = (at: Located | undefined): at is FieldModel => at !== undefined && 'cardinality' in at

function nameOf(at: Located | undefined, path: string): string | undefined {
  if (isField(at)) return `field ${at.fullName} = ${at.number}`
  return path === '#/' ? 'the file' : undefined
}

function detail(at: Located | undefined): string | undefined {
  if (!isField(at)) return undefined
  const { descriptor, typeName, oneof, cardinality } = at
  if (cardinality === 'map') return `map ${descriptor.name}`
  const label = descriptor.label === Label.OPTIONAL ? '' : `${Label[descriptor.label].toLowerCase()} `
  const type = typeName ?? (Type[descriptor.type] ?? 'unknown').toLowerCase()
  return `${label}${type} ${descriptor.name}${oneof ? ` in oneof ${oneof}` : ''}`
}
