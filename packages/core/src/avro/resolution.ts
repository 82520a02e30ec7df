import { sameLogicalType } from './logical-types.js'
import type { AvroType, Field, NamedType, RecordType } from './schema.js'
import { isNamed } from './schema.js'

/**
 * Avro's schema resolution: which part of a reader's schema meets which part of the writer's. (Specification 1.12,
 * "Schema Resolution".) Where the specification leaves a choice, the one that Java and avsc make.
 */

/** What a promotion may lose. */
export type Promotion = 'exact' | 'rounds' | 'damages text'

const promotions: Record<string, Record<string, Promotion>> = {
  int: { long: 'exact', float: 'rounds', double: 'exact' },
  long: { float: 'rounds', double: 'rounds' },
  float: { double: 'exact' },
  string: { bytes: 'exact' },
  bytes: { string: 'damages text' },
}

/** How a primitive of the writer becomes another one of the reader; `undefined` if it cannot. */
export const promotion = (writer: AvroType, reader: AvroType): Promotion | undefined =>
  promotions[writer.kind]?.[reader.kind]

/** Whether two named types are the same one: equal without their namespaces, or an alias of the reader is the writer's name. */
export const namesMatch = (reader: NamedType, writer: NamedType): boolean =>
  reader.name.simple === writer.name.simple || hasAlias(reader, writer)

const fullNamesMatch = (reader: NamedType, writer: NamedType): boolean =>
  reader.name.full === writer.name.full || hasAlias(reader, writer)

const hasAlias = (reader: NamedType, writer: NamedType) => reader.aliases.some(({ full }) => full === writer.name.full)

/**
 * The branch of a reader's union that a value of the writer's type goes to: the first that matches by type, name or
 * promotion, whether or not it can be read into. `undefined` if none does. Of several named types with the same simple
 * name the one with the same full name comes first; an enum or a fixed has to have it (Java resolves no other).
 */
export function branchFor(branches: readonly AvroType[], writer: AvroType): number | undefined {
  if (!isNamed(writer))
    return found(branches.findIndex((b) => b.kind === writer.kind || promotion(writer, b) !== undefined))
  const full = branches.findIndex((b) => b.kind === writer.kind && fullNamesMatch(b, writer))
  if (full !== -1) return full
  if (writer.kind !== 'record') return undefined
  return found(branches.findIndex((b) => b.kind === 'record' && namesMatch(b, writer)))
}

const found = (index: number) => (index === -1 ? undefined : index)

/**
 * Whether it takes no comparison to see that one type reads the other and keeps its meaning: equal primitives, and unions
 * of nothing else. Most fields of most schemas are such.
 */
export function isPlainlyRead(reader: AvroType, writer: AvroType): boolean {
  if (writer.kind === 'union') return writer.branches.every((branch) => isPlainlyRead(reader, branch))
  if (isNamed(writer) || writer.kind === 'array' || writer.kind === 'map') return false
  if (reader.kind !== 'union') return reader.kind === writer.kind && meansTheSame(reader, writer)
  const branch = reader.branches[branchFor(reader.branches, writer) ?? -1]
  return branch?.kind === writer.kind && meansTheSame(branch, writer)
}

/** Two annotations have to be the same one; where only one side has one, the other side has no say in the meaning. */
export const meansTheSame = (reader: AvroType, writer: AvroType): boolean =>
  !reader.logicalType || !writer.logicalType || sameLogicalType(reader.logicalType, writer.logicalType)

/** The writer's fields that a reader's field may take its value from: by its name and by its aliases. */
export function writerFields(field: Field, writer: RecordType): Field[] {
  const direct = writer.fieldsByName.get(field.name)
  if (field.aliases.length === 0) return direct ? [direct] : []
  const all = [direct, ...field.aliases.map((alias) => writer.fieldsByName.get(alias))]
  return [...new Set(all.filter((match) => match !== undefined))]
}
