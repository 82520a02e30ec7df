import type { ComparedSchema } from '../compared-schema.js'
import type { FieldModel, Located, MessageModel } from '../file-set.js'
import { isMany, type MessagePair, readAs, relate, type Sides } from './field-relation.js'
import { sameField } from './identity.js'
import type { ExactRule } from './rules.js'
import { Samples } from './samples.js'
import type { FieldValue, MessageValue } from './value.js'

/** One way in which a reader misreads a writer, with the message that shows it. */
export interface ExactBreak {
  rule: ExactRule
  /** Full name of the writer's field or message. */
  path: string
  reason: string
  writer?: Located
  reader?: Located
  /** The outermost messages, and the writer's value; absent where the reader has no such message at all. */
  witness?: { pair: MessagePair; value: MessageValue }
}

export interface Relation {
  breaks: ExactBreak[]
  /** False if the budget ended before every pair of messages was seen. */
  complete: boolean
}

/** A pair of messages on the agenda, and how a value of the writer's is put into the outermost message. */
interface Task extends MessagePair {
  root: MessagePair
  wrap: (value: MessageValue) => MessageValue
}

/**
 * Compares what every top-level message of the writer's file can hold with how the reader reads it, pair of messages
 * by pair of messages (a pair that is met again adds nothing, so recursion ends).
 *
 * @param steps how many pairs of fields may be looked at
 */
export function relateSchemas(writer: ComparedSchema, reader: ComparedSchema, steps: number): Relation {
  const sides: Sides = { writer: writer.set, reader: reader.set, samples: new Samples(writer.set) }
  const breaks: ExactBreak[] = []
  const seen = new Set<string>()
  const agenda: Task[] = []
  const enter = (task: Task): void => {
    const key = `${task.writer.fullName} ${task.reader.fullName}`
    if (seen.has(key) || !sides.samples.least(task.writer)) return
    seen.add(key)
    agenda.push(task)
  }

  for (const [was, is] of roots(writer, reader)) {
    if (is) {
      const pair = { writer: was, reader: is }
      enter({ ...pair, root: pair, wrap: (value) => value })
    } else {
      const reason = `the reader has no message ${was.fullName}`
      breaks.push({ rule: 'MESSAGE_REMOVED', path: was.fullName, reason, writer: was })
    }
  }
  let left = steps
  for (const task of agenda) {
    const fields = fieldsOf(task.writer, writer)
    left -= fields.length + 1
    if (left < 0) return { breaks, complete: false }
    relateMessages(task, fields, fieldsOf(task.reader, reader), sides, breaks, enter)
  }
  return { breaks, complete: true }
}

/** Top-level messages by name inside the package; one that has no namesake is paired with one at its index. */
function roots(writer: ComparedSchema, reader: ComparedSchema): [MessageModel, MessageModel | undefined][] {
  const top = ({ file }: ComparedSchema): MessageModel[] => file.messages.filter(({ parent }) => !parent)
  const [was, is] = [top(writer), top(reader)]
  const byName = (list: readonly MessageModel[]) => new Map(list.map((message) => [message.nestedName, message]))
  const [wasNamed, isNamed] = [byName(was), byName(is)]
  return was.map((message, index) => {
    const atIndex = is[index]
    const renamed = atIndex && !wasNamed.has(atIndex.nestedName) ? atIndex : undefined
    return [message, isNamed.get(message.nestedName) ?? renamed]
  })
}

/** A message's own fields and those that extend it. */
export function fieldsOf(message: MessageModel, { set }: Pick<ComparedSchema, 'set'>): FieldModel[] {
  return [...message.fields, ...set.extensions.filter(({ extendee }) => extendee === message.fullName)]
}

function relateMessages(
  task: Task,
  writerFields: readonly FieldModel[],
  readerFields: readonly FieldModel[],
  sides: Sides,
  breaks: ExactBreak[],
  enter: (task: Task) => void,
): void {
  const least = sides.samples.least(task.writer) ?? new Map<number, FieldValue>()
  const withFields = (...set: [number, FieldValue | undefined][]): MessageValue =>
    new Map([...least, ...set.filter((pair): pair is [number, FieldValue] => pair[1] !== undefined)])
  const report = (
    rule: ExactRule,
    reason: string,
    was: FieldModel | undefined,
    is: FieldModel | undefined,
    value: MessageValue,
  ): void => {
    breaks.push({
      rule,
      path: (was ?? is ?? task.writer).fullName,
      reason,
      writer: was ?? task.writer,
      reader: is ?? task.reader,
      witness: { pair: task.root, value: task.wrap(value) },
    })
  }
  const one = (field: FieldModel): FieldValue | undefined => {
    const sample = sides.samples.single(field)
    return sample !== undefined && isMany(field) ? [sample] : sample
  }

  const readerByNumber = new Map(readerFields.map((field) => [field.number, field]))
  const writerNumbers = new Set(writerFields.map(({ number }) => number))
  const intact: [FieldModel, FieldModel][] = []
  for (const was of writerFields) {
    const is = readerByNumber.get(was.number)
    const sample = one(was)
    if (!is) {
      const moved = readerFields.find(({ name }) => name === was.name)
      if (moved && sample !== undefined && !retires(task.reader, was.number)) {
        report(
          'FIELD_NUMBER_CHANGED',
          `the reader looks for ${was.name} under ${moved.number}`,
          was,
          moved,
          withFields([was.number, sample]),
        )
      }
      continue
    }
    if (!sameField(was, is, writerFields, task.reader, readerFields)) {
      if (sample !== undefined) {
        report(
          'FIELD_NUMBER_REUSED',
          `${was.number} is ${was.name} to the writer and ${is.name} to the reader`,
          was,
          is,
          withFields([was.number, sample]),
        )
      }
      continue
    }
    const { misreading, inside } = relate(was, is, sides)
    if (misreading) {
      const value = misreading.value
      report(misreading.rule, misreading.reason, was, is, withFields([was.number, value]))
    } else intact.push([was, is])
    if (inside) {
      enter({
        ...inside,
        root: task.root,
        wrap: (value) => task.wrap(withFields([was.number, inside.wrap(value)])),
      })
    }
  }

  for (const is of readerFields) {
    if (readAs(is) === 'required' && !writerNumbers.has(is.number)) {
      report(
        'REQUIRED_FIELD_MISSING',
        'the reader refuses a message without it, and the writer has no such field',
        undefined,
        is,
        least,
      )
    }
  }
  for (const [[a], [b, inB]] of exclusions(intact)) {
    const [first, second] = [one(a), one(b)]
    if (first !== undefined && second !== undefined) {
      const reason = `${a.name} and ${b.name} can both be set, and oneof ${inB.oneof} keeps one`
      report('ONEOF_EXCLUDES', reason, b, inB, withFields([a.number, first], [b.number, second]))
    }
  }
}

const retires = ({ descriptor }: MessageModel, number: number): boolean =>
  descriptor.reservedRange.some(({ start, end }) => start <= number && number < end)

/** For each oneof of the reader two members that the writer can set together, if there are any. */
function exclusions(fields: readonly [FieldModel, FieldModel][]): [was: FieldModel, is: FieldModel][][] {
  const first = new Map<string, [FieldModel, FieldModel]>()
  const pairs = new Map<string, [FieldModel, FieldModel][]>()
  for (const pair of fields) {
    const [was, { oneof }] = pair
    if (oneof === undefined || pairs.has(oneof)) continue
    const other = first.get(oneof)
    if (!other) first.set(oneof, pair)
    else if (was.oneof === undefined || was.oneof !== other[0].oneof) pairs.set(oneof, [other, pair])
  }
  return [...pairs.values()]
}
