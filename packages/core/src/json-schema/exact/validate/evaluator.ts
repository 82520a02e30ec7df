import type { JsonNode } from '../../../text/json-document.js'
import {
  countOf,
  effectiveKeywords,
  isTrue,
  itemsOf,
  type Keywords,
  membersOf,
  namesIn,
  textOf,
} from '../compile/effective-keywords.js'
import { hasItemLists } from '../compile/keywords.js'
import { type Place, pointerToken, type References, type Scope } from '../compile/references.js'
import type { KeywordLocation } from '../exact-verdict.js'
import { Undecided } from '../undecided.js'
import {
  codePointLength,
  type ExactValue,
  exactValue,
  isArray,
  isObject,
  numberBits,
  sameValue,
  keyOf,
  typeBit,
  typeOf,
} from '../values/exact-value.js'
import { Rational } from '../values/rational.js'

/** Why a value is not valid: the keyword that says no, and where in the value. */
export interface Failure {
  at: KeywordLocation
  instancePath: string
  value: ExactValue
}

interface Result {
  failure?: Failure
  /** Members and items that count as evaluated for `unevaluated*`. */
  keys: Set<string>
  items: Set<number>
}

/** Tests on strings that the evaluator does not make itself. */
export interface StringTests {
  matches(pattern: string, text: string): boolean
  /** Undefined: `format` is an annotation. */
  hasFormat?(format: string, text: string): boolean
}

interface Frame {
  place: Place
  scope: Scope
  keywords: Keywords
  value: ExactValue
  path: string
  result: Result
}

const typeMasks: Record<string, number> = { ...typeBit, number: numberBits }
const maxDepth = 600

/**
 * Validates by the letter of the specification, keyword by keyword over the schema's text, numbers exact. Shares
 * nothing with the formulas that verdicts are found with: the two check each other.
 */
export class Evaluator {
  private depth = 0

  constructor(
    private readonly references: References,
    private readonly tests: StringTests,
    private readonly spend: () => void,
  ) {}

  /** @returns undefined if the value is valid */
  validate(value: ExactValue): Failure | undefined {
    this.depth = 0
    return this.evaluate(this.references.root, [], value, '').failure
  }

  private evaluate(place: Place, outer: Scope, value: ExactValue, path: string): Result {
    this.spend()
    const result: Result = { keys: new Set(), items: new Set() }
    const { node } = place
    if (node.kind !== 'object') {
      if (!isTrue(node)) {
        const keyword = place.pointer.slice(place.pointer.lastIndexOf('/') + 1)
        const at = { resource: place.text, pointer: place.pointer, keyword, start: node.start, end: node.end }
        result.failure = { at, instancePath: path, value }
      }
      return result
    }
    if (++this.depth > maxDepth) throw new Undecided(`validation nested more than ${maxDepth} deep`)
    const scope = this.references.enter(outer, place)
    const frame: Frame = {
      place,
      scope,
      keywords: effectiveKeywords(node, place.resource.dialect),
      value,
      path,
      result,
    }
    for (const [name, keyword] of frame.keywords) {
      if (name.startsWith('unevaluated')) continue
      result.failure = this.keyword(frame, name, keyword)
      if (result.failure) break
    }
    result.failure ??= this.unevaluated(frame)
    this.depth--
    if (result.failure) {
      result.keys.clear()
      result.items.clear()
    }
    return result
  }

  private fail(frame: Frame, name: string, path = frame.path, value = frame.value): Failure {
    const { place } = frame
    const member = place.node.kind === 'object' ? place.node.members.get(name) : undefined
    const at: KeywordLocation = {
      resource: place.text,
      pointer: `${place.pointer}/${pointerToken(name)}`,
      keyword: name,
      start: member?.key.start ?? place.node.start,
      end: member?.value.end ?? place.node.end,
    }
    return { at, instancePath: path, value }
  }

  private check(valid: boolean, frame: Frame, name: string): Failure | undefined {
    return valid ? undefined : this.fail(frame, name)
  }

  /** Applies a schema to the value itself; what it evaluates counts here, too, if it holds. */
  private inPlace(frame: Frame, node: JsonNode, path: string): Failure | undefined {
    return this.adopt(frame, this.references.at(node, frame.place, path))
  }

  private adopt(frame: Frame, place: Place): Failure | undefined {
    const inner = this.evaluate(place, frame.scope, frame.value, frame.path)
    for (const key of inner.keys) frame.result.keys.add(key)
    for (const item of inner.items) frame.result.items.add(item)
    return inner.failure
  }

  private child(frame: Frame, node: JsonNode, path: string, value: ExactValue, step: string): Failure | undefined {
    const place = this.references.at(node, frame.place, path)
    return this.evaluate(place, frame.scope, value, `${frame.path}/${pointerToken(step)}`).failure
  }

  private keyword(frame: Frame, name: string, node: JsonNode): Failure | undefined {
    const { value } = frame
    switch (name) {
      case 'type': {
        const types = node.kind === 'array' ? namesIn(node) : [textOf(node)!]
        return this.check(
          types.some((type) => (typeMasks[type] & typeOf(value)) !== 0),
          frame,
          name,
        )
      }
      case 'enum':
        return this.check(
          itemsOf(node).some((allowed) => sameValue(exactValue(allowed), value)),
          frame,
          name,
        )
      case 'const':
        return this.check(sameValue(exactValue(node), value), frame, name)
      case '$ref':
        return this.adopt(frame, this.references.resolve(textOf(node)!, frame.place))
      case '$dynamicRef':
        return this.adopt(frame, this.references.resolveDynamic(textOf(node)!, frame.place, frame.scope))
      case '$recursiveRef':
        return this.adopt(frame, this.references.resolveRecursive(frame.place, frame.scope))
      case 'allOf':
      case 'anyOf':
      case 'oneOf':
        return this.combination(frame, name, itemsOf(node))
      case 'not':
        return this.check(this.silently(frame, node, '/not') !== undefined, frame, name)
      case 'if': {
        const branch = this.inPlace(frame, node, '/if') ? 'else' : 'then'
        const then = frame.keywords.get(branch)
        return then && this.inPlace(frame, then, `/${branch}`)
      }
    }
    if (value instanceof Rational) return this.numeric(frame, name, node, value)
    if (typeof value === 'string') return this.textual(frame, name, node, value)
    if (isArray(value)) return this.array(frame, name, node, value)
    return isObject(value) ? this.object(frame, name, node, value) : undefined
  }

  /** Whether a schema fails, without a trace in the annotations. */
  private silently(frame: Frame, node: JsonNode, path: string): Failure | undefined {
    return this.evaluate(this.references.at(node, frame.place, path), frame.scope, frame.value, frame.path).failure
  }

  private combination(frame: Frame, name: string, branches: JsonNode[]): Failure | undefined {
    const failures = branches.map((branch, i) => this.inPlace(frame, branch, `/${name}/${i}`))
    const failed = failures.filter((failure) => failure !== undefined)
    if (name === 'allOf') return failed[0]
    const valid = branches.length - failed.length
    return this.check(name === 'anyOf' ? valid > 0 : valid === 1, frame, name)
  }

  private numeric(frame: Frame, name: string, node: JsonNode, value: Rational): Failure | undefined {
    if (node.kind !== 'number') return undefined
    const exclusive = (keyword: string) => isTrue(frame.keywords.get(keyword))
    const limit = Rational.parse(node.lexeme)
    switch (name) {
      case 'minimum':
        return this.check(value.compare(limit) > (exclusive('exclusiveMinimum') ? 0 : -1), frame, name)
      case 'maximum':
        return this.check(value.compare(limit) < (exclusive('exclusiveMaximum') ? 0 : 1), frame, name)
      case 'exclusiveMinimum':
        return this.check(value.compare(limit) > 0, frame, name)
      case 'exclusiveMaximum':
        return this.check(value.compare(limit) < 0, frame, name)
      case 'multipleOf':
        return this.check(value.isMultipleOf(limit), frame, name)
    }
    return undefined
  }

  private textual(frame: Frame, name: string, node: JsonNode, value: string): Failure | undefined {
    switch (name) {
      case 'minLength':
        return this.check(codePointLength(value) >= countOf(node)!, frame, name)
      case 'maxLength':
        return this.check(codePointLength(value) <= countOf(node)!, frame, name)
      case 'pattern':
        return this.check(this.tests.matches(textOf(node)!, value), frame, name)
      case 'format':
        return this.check(this.tests.hasFormat?.(textOf(node)!, value) ?? true, frame, name)
    }
    return undefined
  }

  private array(frame: Frame, name: string, node: JsonNode, value: readonly ExactValue[]): Failure | undefined {
    const { keywords, result } = frame
    const lists = hasItemLists(frame.place.resource.dialect)
    const each = (from: number, schema: (index: number) => [JsonNode, string] | undefined): Failure | undefined => {
      for (let i = from; i < value.length; i++) {
        const next = schema(i)
        if (!next) return undefined
        const failure = this.child(frame, next[0], next[1], value[i], String(i))
        if (failure) return failure
        result.items.add(i)
      }
      return undefined
    }
    switch (name) {
      case 'minItems':
        return this.check(value.length >= countOf(node)!, frame, name)
      case 'maxItems':
        return this.check(value.length <= countOf(node)!, frame, name)
      case 'uniqueItems':
        return this.check(!isTrue(node) || new Set(value.map(keyOf)).size === value.length, frame, name)
      case 'prefixItems':
        return each(0, (i) => (itemsOf(node)[i] ? [itemsOf(node)[i], `/prefixItems/${i}`] : undefined))
      case 'items':
        if (node.kind === 'array') return each(0, (i) => (node.items[i] ? [node.items[i], `/items/${i}`] : undefined))
        return each(lists ? 0 : itemsOf(keywords.get('prefixItems')).length, () => [node, '/items'])
      case 'additionalItems': {
        const items = keywords.get('items')
        return items?.kind === 'array' ? each(items.items.length, () => [node, '/additionalItems']) : undefined
      }
      case 'contains': {
        const matching = value.flatMap((item, i) => (this.child(frame, node, '/contains', item, String(i)) ? [] : [i]))
        if (!lists) for (const i of matching) result.items.add(i)
        const min = countOf(keywords.get('minContains')) ?? 1
        const max = countOf(keywords.get('maxContains')) ?? Infinity
        if (matching.length < min) return this.fail(frame, keywords.has('minContains') ? 'minContains' : name)
        return matching.length > max ? this.fail(frame, 'maxContains') : undefined
      }
    }
    return undefined
  }

  private object(
    frame: Frame,
    name: string,
    node: JsonNode,
    value: ReadonlyMap<string, ExactValue>,
  ): Failure | undefined {
    const { keywords, result } = frame
    const member = (key: string, schema: JsonNode, path: string): Failure | undefined => {
      const failure = this.child(frame, schema, path, value.get(key)!, key)
      if (!failure) result.keys.add(key)
      return failure
    }
    switch (name) {
      case 'minProperties':
        return this.check(value.size >= countOf(node)!, frame, name)
      case 'maxProperties':
        return this.check(value.size <= countOf(node)!, frame, name)
      case 'required':
        return this.check(
          namesIn(node).every((key) => value.has(key)),
          frame,
          name,
        )
      case 'properties':
        if (node.kind !== 'object') return undefined
        for (const [key, schema] of node.members) {
          const failure = value.has(key) && member(key, schema.value, `/properties/${pointerToken(key)}`)
          if (failure) return failure
        }
        return undefined
      case 'patternProperties':
        return first(membersOf(node), ([pattern, schema]) =>
          first([...value.keys()], (key) =>
            this.tests.matches(pattern, key)
              ? member(key, schema, `/patternProperties/${pointerToken(pattern)}`)
              : undefined,
          ),
        )
      case 'additionalProperties': {
        const declared = keywords.get('properties')
        const patterns = membersOf(keywords.get('patternProperties')).map(([pattern]) => pattern)
        return first([...value.keys()], (key) =>
          (declared?.kind === 'object' && declared.members.has(key)) ||
          patterns.some((pattern) => this.tests.matches(pattern, key))
            ? undefined
            : member(key, node, '/additionalProperties'),
        )
      }
      case 'propertyNames':
        return first([...value.keys()], (key) => this.child(frame, node, '/propertyNames', key, key))
      case 'dependencies':
      case 'dependentRequired':
      case 'dependentSchemas':
        return first(membersOf(node), ([key, schema]) => {
          if (!value.has(key)) return undefined
          if (schema.kind !== 'array') return this.inPlace(frame, schema, `/${name}/${pointerToken(key)}`)
          return this.check(
            namesIn(schema).every((other) => value.has(other)),
            frame,
            name,
          )
        })
    }
    return undefined
  }

  private unevaluated(frame: Frame): Failure | undefined {
    const { keywords, result, value } = frame
    const items = keywords.get('unevaluatedItems')
    if (items && isArray(value)) {
      for (const [i, item] of value.entries()) {
        if (result.items.has(i)) continue
        const failure = this.child(frame, items, '/unevaluatedItems', item, String(i))
        if (failure) return failure
        result.items.add(i)
      }
    }
    const properties = keywords.get('unevaluatedProperties')
    if (properties && isObject(value)) {
      for (const [key, member] of value) {
        if (result.keys.has(key)) continue
        const failure = this.child(frame, properties, '/unevaluatedProperties', member, key)
        if (failure) return failure
        result.keys.add(key)
      }
    }
    return undefined
  }
}

function first<T>(candidates: readonly T[], test: (candidate: T) => Failure | undefined): Failure | undefined {
  for (const candidate of candidates) {
    const failure = test(candidate)
    if (failure) return failure
  }
  return undefined
}
