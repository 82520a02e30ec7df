import type { FieldModel, FileModel, FileSet } from './file-set.js'
import type { Place } from './location.js'
import { rules } from './rules/index.js'
import type { Category, Pairs, Report, Rule, Sides, Spot } from './rules/rule.js'

/** A change that a rule of the category forbids. */
export interface Finding {
  rule: string
  /** Full name of what changed. */
  path: string
  message: string
  /** Where in the newer files; absent if nothing there stands for it (a deleted file). */
  newer?: Place
  older?: Place
}

/**
 * Everything in `newer` that breaks users of `older` by the rules of a category, in the order of the rules' table and
 * of the older files.
 */
export function check(older: FileSet, newer: FileSet, category: Category): Finding[] {
  return violations(older, newer, category).map(finding)
}

/** A report with the rule that made it. */
export interface Violation extends Report {
  rule: string
}

/** The same, with the elements instead of their places. */
export function violations(older: FileSet, newer: FileSet, category: Category): Violation[] {
  const sides = { older, newer }
  const pairs = pairUp(sides)
  return rules
    .filter((rule) => rule.categories.includes(category))
    .flatMap((rule) => apply(rule, pairs, sides).map((report) => ({ ...report, rule: rule.id })))
}

type PairLists = { [K in keyof Pairs]: [older: Pairs[K], newer: Pairs[K]][] }

function apply(rule: Rule, pairs: PairLists, sides: Sides): Report[] {
  // One branch per kind of pair, or the compiler cannot see that rule and pair belong together.
  switch (rule.compares) {
    case 'set':
      return pairs.set.flatMap(([older, newer]) => rule.find(older, newer, sides))
    case 'file':
      return pairs.file.flatMap(([older, newer]) => rule.find(older, newer, sides))
    case 'message':
      return pairs.message.flatMap(([older, newer]) => rule.find(older, newer, sides))
    case 'field':
      return pairs.field.flatMap(([older, newer]) => rule.find(older, newer, sides))
    case 'enum':
      return pairs.enum.flatMap(([older, newer]) => rule.find(older, newer, sides))
    case 'service':
      return pairs.service.flatMap(([older, newer]) => rule.find(older, newer, sides))
    case 'method':
      return pairs.method.flatMap(([older, newer]) => rule.find(older, newer, sides))
  }
}

function pairUp({ older, newer }: Sides): PairLists {
  const newerFiles = new Map(newer.files.map((file) => [file.path, file]))
  const message = match([...older.messages.values()], newer.messages, ({ fullName }) => fullName)
  const service = match([...older.services.values()], newer.services, ({ fullName }) => fullName)
  const extension = (field: FieldModel): string => `${field.extendee} ${field.number}`
  return {
    set: [[older, newer]],
    file: match<FileModel>(older.files, newerFiles, ({ path }) => path),
    message,
    field: [
      ...message.flatMap(([was, is]) =>
        match(was.fields, new Map(is.fields.map((field) => [field.number, field])), ({ number }) => number),
      ),
      ...match(older.extensions, new Map(newer.extensions.map((field) => [extension(field), field])), extension),
    ],
    enum: match([...older.enums.values()], newer.enums, ({ fullName }) => fullName),
    service,
    method: service.flatMap(([was, is]) =>
      match(was.methods, new Map(is.methods.map((method) => [method.name, method])), ({ name }) => name).map(
        ([a, b]): PairLists['method'][number] => [
          { service: was, method: a },
          { service: is, method: b },
        ],
      ),
    ),
  }
}

function match<T, K = string>(older: readonly T[], newer: ReadonlyMap<K, T>, key: (item: T) => K): [T, T][] {
  return older.flatMap((was): [T, T][] => {
    const is = newer.get(key(was))
    return is ? [[was, is]] : []
  })
}

export function finding({ rule, path, message, newer, older }: Violation): Finding {
  return {
    rule,
    path,
    message,
    ...(newer && { newer: place(newer) }),
    ...(older && { older: place(older) }),
  }
}

export function place({ file, paths }: Spot): Place {
  const start = { line: 1, column: 1 }
  return file.locate(...paths) ?? { file: file.path, start, end: start }
}
