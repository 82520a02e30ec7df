import type { Position } from '../schema/position.js'
import { checkDefault } from './defaults.js'
import { smallestSizes } from './datum.js'
import type { AvroSchema, AvroType, Field, Place } from './schema.js'
import { describeType, positionIn } from './schema.js'

/** Something that the specification allows in a schema and that surely was not meant. */
export interface Warning {
  rule: 'LOGICAL_TYPE_IGNORED' | 'DEFAULT_OF_LATER_BRANCH' | 'NEVER_WRITTEN'
  message: string
  position?: Position
}

/** What to tell the author of a valid schema, in the order of the text. */
export function warningsOf(schema: AvroSchema): Warning[] {
  const warnings: Warning[] = []
  const warn = (rule: Warning['rule'], message: string, at: Place) => {
    const position = positionIn(schema, at)
    if (position) warnings.push({ rule, message, position })
  }
  const sizes = smallestSizes(schema.root)
  for (const type of sizes.keys()) {
    const annotation = type.properties.get('logicalType')
    if (annotation?.kind === 'string' && !type.logicalType) {
      const message = `the logical type ${JSON.stringify(annotation.value)} is unknown or not valid for ${describeType(type)}, so it is ignored`
      warn('LOGICAL_TYPE_IGNORED', message, type.at)
    }
    if (sizes.get(type) === Infinity && neverBySelf(type, sizes)) {
      warn(
        'NEVER_WRITTEN',
        `nothing can be written as ${describeType(type)}: every value would have to hold another one without end`,
        type.at,
      )
    }
    if (type.kind === 'record')
      for (const field of type.fields)
        if (fitsLater(field)) warn('DEFAULT_OF_LATER_BRANCH', laterBranch(field), field.at)
  }
  return warnings.sort((a, b) => compare(a.position, b.position))
}

/** A record that holds itself, or an enum or union with nothing in it; not what merely holds such a type. */
const neverBySelf = (type: AvroType, sizes: ReadonlyMap<AvroType, number>) =>
  type.kind === 'enum' ||
  (type.kind === 'union' && type.branches.length === 0) ||
  (type.kind === 'record' && sizes.get(type) === Infinity)

function fitsLater({ type, default: value }: Field): boolean {
  const first = type.kind === 'union' ? type.branches[0] : undefined
  return !!first && !!value && !!checkDefault(first, value, { validation: 'strict', open: new Set() })
}

const laterBranch = (field: Field) =>
  `the default of ${field.name} fits a later branch of its union: programs before Avro 1.12 refuse it, so put that branch first`

const compare = (a: Position | undefined, b: Position | undefined) =>
  (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0)
