import type { EnumModel, FieldModel, MessageModel } from '../file-set.js'

/**
 * Whether the reader's field of the same number is the writer's field. A new name alone is a renaming; it is another
 * field if the reader keeps the old name elsewhere or has retired it, or has taken its name from elsewhere.
 */
export function sameField(
  was: FieldModel,
  is: FieldModel,
  writer: readonly FieldModel[],
  reader: MessageModel,
  readerFields: readonly FieldModel[],
): boolean {
  if (was.name === is.name) return true
  const retired = reader.descriptor.reservedName.includes(was.name)
  return !retired && !readerFields.some(({ name }) => name === was.name) && !writer.some(({ name }) => name === is.name)
}

/** The same question about a number of an enum, aliases considered. */
export function sameEnumNumber(was: EnumModel, is: EnumModel, number: number): boolean {
  const names = (type: EnumModel): string[] =>
    type.values.filter((value) => value.number === number).map(({ name }) => name)
  const [before, after] = [names(was), names(is)]
  if (before.some((name) => after.includes(name))) return true
  return !before.some(
    (name) => is.descriptor.reservedName.includes(name) || is.values.some((value) => value.name === name),
  )
}
