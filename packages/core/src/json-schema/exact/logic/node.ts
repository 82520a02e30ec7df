import type { Language } from '../patterns/language.js'
import type { ExactValue } from '../values/exact-value.js'
import type { Rational } from '../values/rational.js'

/** A set of JSON values, as an index into the arena that made it; equal ids for equal formulas. */
export type Id = number

/** Values by their key, so that equal values are one. */
export type ValueSet = ReadonlyMap<string, ExactValue>

/** A test on strings that has no automaton: only equal to itself. */
export interface OpaqueTest {
  name: string
  /** @throws Undecided where the test could take too long */
  test(text: string): boolean
  /** Texts that pass and texts that do not: where a search starts. */
  samples: readonly string[]
}

/**
 * Formulas in negation normal form: every atom has a dual, so negation never survives. An atom about one type holds for
 * values of all others, as in JSON Schema. Object keywords are the two quantifiers over keys: `key` is a formula about
 * the key as a string, `value` one about the member. Ranges of positions and counts: `from` inclusive, `to` exclusive.
 */
export type Node =
  | { kind: 'true' }
  | { kind: 'false' }
  | { kind: 'and' | 'or'; of: readonly Id[] }
  /** A schema that contains itself. */
  | { kind: 'variable'; variable: number; negated: boolean }
  | { kind: 'type'; mask: number }
  | { kind: 'bound'; side: 'min' | 'max'; value: Rational; exclusive: boolean }
  | { kind: 'multiple'; of: Rational; negated: boolean }
  | { kind: 'language'; language: Language }
  | { kind: 'opaque'; test: OpaqueTest; negated: boolean }
  | { kind: 'in' | 'not-in'; values: ValueSet }
  /** Every item in the range satisfies `item`. */
  | { kind: 'items'; from: number; to: number; item: Id }
  /** Of the items in the range, `min` to `max` satisfy `item`. */
  | { kind: 'count'; from: number; to: number; item: Id; min: number; max: number }
  | { kind: 'array-size' | 'object-size'; min: number; max: number }
  | { kind: 'unique'; negated: boolean }
  | { kind: 'keys' | 'some-key'; key: Id; value: Id }
