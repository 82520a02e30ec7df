import { Edition, FieldDescriptorProto_Label as Label, type DescriptorProto } from '@bufbuild/protobuf/wkt'
import { numberLimit } from '../lowering.js'
import { isSet, type Rules } from './rules.js'

const maxNesting = 31

interface Range {
  start: number
  /** Not included. */
  end: number
  what: 'extension range' | 'reserved range'
  element: object
}

export function checkMessage(rules: Rules, message: DescriptorProto, depth: number): void {
  if (depth > maxNesting) rules.report(message, `messages are nested more than ${maxNesting} deep`)
  checkRanges(rules, message)
  checkNumbers(rules, message)
  checkReservedNames(rules, message)
  checkOneofs(rules, message)
  if (message.options?.messageSetWireFormat) {
    if (rules.edition === Edition.EDITION_PROTO3) rules.report(message, 'proto3 has no message sets')
    const [field] = message.field
    if (field) rules.report(field, 'a message set has no fields of its own, only extensions')
  }
  if (rules.edition === Edition.EDITION_PROTO3 && message.extensionRange[0]) {
    rules.report(
      message.extensionRange[0],
      'proto3 has no extension ranges',
      'use google.protobuf.Any, or proto2 or an edition',
    )
  }
}

function checkRanges(rules: Rules, message: DescriptorProto): void {
  if (message.extensionRange.length === 0 && message.reservedRange.length === 0) return
  const limit = message.options?.messageSetWireFormat ? 2147483647 : numberLimit
  const ranges: Range[] = [
    ...message.reservedRange.map((range) => ({
      start: range.start,
      end: range.end,
      what: 'reserved range' as const,
      element: range,
    })),
    ...message.extensionRange.map((range) => ({
      start: range.start,
      end: range.end,
      what: 'extension range' as const,
      element: range,
    })),
  ]
  for (const { start, end, what, element } of ranges) {
    if (start <= 0) rules.report(element, `the ${what} starts at ${start}, field numbers start at 1`)
    else if (start >= end) rules.report(element, `the ${what} ends before it starts`, `write ${end - 1} to ${start}`)
    else if (what === 'extension range' && end > limit) {
      rules.report(
        element,
        `the extension range ends at ${end - 1}, the largest field number is ${limit - 1}`,
        'write "to max"',
      )
    }
  }
  const sorted = [...ranges].sort((a, b) => a.start - b.start)
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1]
    if (next && next.start < range.end) {
      rules.report(next.element, `the ${next.what} ${show(next)} overlaps with the ${range.what} ${show(range)}`)
    }
  }
}

const show = ({ start, end }: Range) => (start === end - 1 ? String(start) : `${start} to ${end - 1}`)

function checkNumbers(rules: Rules, message: DescriptorProto): void {
  const seen = new Map<number, string>()
  for (const field of message.field) {
    const { number, name } = field
    const other = seen.get(number)
    if (other !== undefined) {
      rules.report(
        field,
        `the fields "${other}" and "${name}" both have the number ${number}`,
        `${nextFree(message)} is free`,
      )
    }
    seen.set(number, name)
    if (message.reservedRange.some(({ start, end }) => number >= start && number < end)) {
      rules.report(field, `the number ${number} of "${name}" is reserved`, `${nextFree(message)} is free`)
    }
    if (message.extensionRange.some(({ start, end }) => number >= start && number < end)) {
      rules.report(
        field,
        `the number ${number} of "${name}" belongs to an extension range`,
        `${nextFree(message)} is free`,
      )
    }
  }
}

function nextFree(message: DescriptorProto): number {
  const isTaken = (number: number) =>
    message.field.some((field) => field.number === number) ||
    [...message.reservedRange, ...message.extensionRange].some(({ start, end }) => number >= start && number < end)
  let number = Math.max(0, ...message.field.map((field) => field.number)) + 1
  while (isTaken(number) || (number >= 19000 && number <= 19999)) number++
  return number
}

function checkReservedNames(rules: Rules, message: DescriptorProto): void {
  if (message.reservedName.length === 0) return
  const names = new Set<string>()
  for (const name of message.reservedName) {
    if (names.has(name)) rules.report(message, `the name "${name}" is reserved twice`)
    names.add(name)
  }
  for (const field of message.field) {
    if (names.has(field.name)) rules.report(field, `the name "${field.name}" is reserved`, 'choose another one')
  }
}

function checkOneofs(rules: Rules, message: DescriptorProto): void {
  if (message.oneofDecl.length === 0) return
  const sizes = message.oneofDecl.map(() => 0)
  let previous: number | undefined
  for (const field of message.field) {
    const index = isSet(field, 'oneofIndex') ? field.oneofIndex : undefined
    if (index !== undefined) {
      const size = sizes[index]
      if (size === undefined) {
        rules.report(field, `the field "${field.name}" is in oneof number ${index}, which does not exist`)
        continue
      }
      if (size > 0 && previous !== index) {
        rules.report(field, `the fields of the oneof "${message.oneofDecl[index]?.name ?? ''}" do not stand together`)
      }
      if (field.label === Label.REPEATED || field.label === Label.REQUIRED) {
        rules.report(field, 'a field of a oneof can be neither repeated nor required')
      }
      sizes[index] = size + 1
    }
    previous = index
  }
  const isSynthetic = message.oneofDecl.map((_, index) =>
    message.field.some((field) => field.proto3Optional && isSet(field, 'oneofIndex') && field.oneofIndex === index),
  )
  for (const [index, oneof] of message.oneofDecl.entries()) {
    if (sizes[index] === 0) rules.report(oneof, `the oneof "${oneof.name}" has no fields`)
    if (isSynthetic[index] && sizes[index] !== 1) {
      rules.report(oneof, `the oneof "${oneof.name}" of a proto3 optional field holds other fields, too`)
    }
    if (!isSynthetic[index] && isSynthetic.slice(0, index).includes(true)) {
      rules.report(oneof, `the oneof "${oneof.name}" stands behind those of proto3 optional fields`)
    }
  }
}
