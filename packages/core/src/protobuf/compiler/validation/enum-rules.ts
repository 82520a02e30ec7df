import { Edition, type EnumDescriptorProto } from '@bufbuild/protobuf/wkt'
import type { Features } from '../../schema.js'
import { camelCase } from '../names.js'
import { isSet, type Rules } from './rules.js'

export function checkEnum(rules: Rules, element: EnumDescriptorProto, features: Features): void {
  const [first] = element.value
  if (!first) {
    rules.report(element, `the enum "${element.name}" has no values`)
    return
  }
  if (features.enumType === 'OPEN' && first.number !== 0) {
    rules.report(
      first,
      `the first value of the enum "${element.name}" is not 0`,
      'add a value with the number 0 in front',
    )
  }
  checkAliases(rules, element)
  checkReserved(rules, element)
  checkPrefixes(rules, element)
}

function checkAliases(rules: Rules, element: EnumDescriptorProto): void {
  const { options } = element
  const byNumber = new Map<number, string>()
  let aliased = false
  for (const value of element.value) {
    const other = byNumber.get(value.number)
    if (other !== undefined) {
      aliased = true
      if (!options?.allowAlias) {
        rules.report(
          value,
          `"${value.name}" and "${other}" both have the number ${value.number}`,
          'or set allow_alias = true',
        )
      }
    }
    byNumber.set(value.number, value.name)
  }
  if (!options || !isSet(options, 'allowAlias')) return
  if (!options.allowAlias) rules.report(element, 'allow_alias = false has no effect', 'remove it')
  else if (!aliased)
    rules.report(element, `allow_alias is set, but no two values of "${element.name}" are equal`, 'remove it')
}

function checkReserved(rules: Rules, element: EnumDescriptorProto): void {
  const { reservedRange, reservedName } = element
  for (const [index, range] of reservedRange.entries()) {
    if (range.start > range.end) rules.report(range, 'the reserved range ends before it starts')
    for (const other of reservedRange.slice(0, index)) {
      if (range.start <= other.end && other.start <= range.end) {
        rules.report(
          range,
          `the reserved range ${range.start} to ${range.end} overlaps with ${other.start} to ${other.end}`,
        )
      }
    }
  }
  const names = new Set<string>()
  for (const name of reservedName) {
    if (names.has(name)) rules.report(element, `the name "${name}" is reserved twice`)
    names.add(name)
  }
  for (const value of element.value) {
    if (reservedRange.some(({ start, end }) => value.number >= start && value.number <= end)) {
      rules.report(value, `the number ${value.number} of "${value.name}" is reserved`)
    }
    if (names.has(value.name)) rules.report(value, `the name "${value.name}" is reserved`)
  }
}

/** Generators drop the enum's name from its values: what is left has to tell them apart. */
function checkPrefixes(rules: Rules, element: EnumDescriptorProto): void {
  if (rules.edition === Edition.EDITION_PROTO2 && element.options?.deprecatedLegacyJsonFieldConflicts) return
  const seen = new Map<string, { name: string; number: number }>()
  for (const value of element.value) {
    const short = shortName(element.name, value.name)
    const other = seen.get(short)
    if (other && other.number !== value.number) {
      rules.report(
        value,
        `"${value.name}" and "${other.name}" are the same without the name of the enum: "${short}"`,
        'rename one of them',
      )
    }
    if (!other) seen.set(short, value)
  }
}

function shortName(prefix: string, name: string): string {
  const fold = (text: string) => text.replaceAll('_', '').toLowerCase()
  const wanted = fold(prefix)
  let at = 0
  let matched = 0
  while (at < name.length && matched < wanted.length) {
    const character = name[at] ?? ''
    if (character !== '_') {
      if (character.toLowerCase() !== wanted[matched]) return pascal(name)
      matched++
    }
    at++
  }
  if (matched < wanted.length) return pascal(name)
  while (name[at] === '_') at++
  return at === name.length ? pascal(name) : pascal(name.slice(at))
}

const pascal = (name: string) => camelCase(name.toLowerCase())
