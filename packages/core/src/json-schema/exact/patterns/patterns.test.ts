import fc from 'fast-check'
import { Meter } from '../undecided.js'
import { Languages } from './language.js'
import { searchLanguage } from './pattern-language.js'
import { InvalidPattern, parsePattern, UnmodelledPattern } from './regexp-syntax.js'
import { Words } from './words.js'

function engine() {
  const languages = new Languages(new Meter(50_000_000))
  return {
    languages,
    words: new Words(languages),
    of: (source: string) => searchLanguage(parsePattern(source), languages),
  }
}

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\W', '\\s', 'ab', '-', '\\u{1F600}')
const piece: fc.Arbitrary<string> = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: atom },
    { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B') },
    {
      weight: 1,
      arbitrary: fc.tuple(atom, fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?')).map((p) => p.join('')),
    },
    { weight: 1, arbitrary: fc.tuple(tie('piece'), tie('piece')).map(([a, b]) => `(?:${a}|${b})`) },
    { weight: 1, arbitrary: fc.tuple(tie('piece'), fc.constantFrom('?', '{1,2}')).map(([a, q]) => `(?:${a})${q}`) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('?=', '?!'), tie('piece')).map(([look, a]) => `(${look}${a})`) },
  ),
})).piece
const pattern = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''))
const word = fc
  .array(fc.constantFrom('a', 'b', 'ab', '1', '-', ' ', '\n', '😀'), { maxLength: 6 })
  .map((w) => w.join(''))

describe('the language of a pattern', () => {
  it('holds the words that a native search finds a match in', () => {
    fc.assert(
      fc.property(pattern, fc.array(word, { minLength: 12, maxLength: 12 }), (source, words) => {
        const { of, words: questions } = engine()
        const native = new RegExp(source, 'u')
        const language = of(source)
        for (const text of words) expect([text, questions.has(language, text)]).toEqual([text, native.test(text)])
      }),
      { seed: 11, numRuns: 400 },
    )
  })

  it('and its complement share no word, and their shortest words are native matches or not', () => {
    fc.assert(
      fc.property(pattern, (source) => {
        const { of, words, languages } = engine()
        const native = new RegExp(source, 'u')
        const language = of(source)
        expect(words.isEmpty(languages.and(language, languages.not(language)))).toBe(true)
        for (const text of words.shortest(language, 4)) expect(native.test(text)).toBe(true)
        for (const text of words.shortest(languages.not(language), 4)) expect(native.test(text)).toBe(false)
      }),
      { seed: 12, numRuns: 200 },
    )
  })

  it('lists each word once, shortest first, and all of them if there are few', () => {
    const { of, words } = engine()
    expect(words.shortest(of('^(a|ab|b)$'), 10)).toEqual(['a', 'b', 'ab'])
    expect(words.shortest(of('^a{2,3}$'), 10)).toEqual(['aa', 'aaa'])
    expect(new Set(words.shortest(of('^.{30,}$'), 50)).size).toBe(50)
  })

  test.each([
    ['^.{0,65535}$', '^[^\\n\\r\\u2028\\u2029]*$', true],
    ['^(a|b)*a(a|b){10}$', '^[ab]{11,}$', true],
    ['^(?=.*\\d)(?=.*[a-z]).{8,}$', '\\d', true],
    ['^[0-9a-f]{8}-[0-9a-f]{4}$', '^[0-9a-f-]{13}$', true],
    ['@', '^[^\\n]*@', false],
    ['a\\-b', '-', true],
    ['^\\p{Lu}', '^\\p{L}', true],
    ['^(?:(?!ab).)*$', 'ab', false],
  ])('%s within %s: %s', (smaller, larger, contained) => {
    const { of, words, languages } = engine()
    expect(words.isEmpty(languages.and(of(smaller), languages.not(of(larger))))).toBe(contained)
  })

  test.each([['(?<=a)b'], ['(a)\\1'], ['(?<x>a)\\k<x>']])('of %s is not modelled', (source) => {
    expect(() => parsePattern(source)).toThrow(UnmodelledPattern)
  })

  test.each([['('], ['[b-a]'], ['a{2,1}'], ['*']])('does not exist for %s', (source) => {
    expect(() => parsePattern(source)).toThrow(InvalidPattern)
  })
})
