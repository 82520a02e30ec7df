import { isJavaPattern } from './java-pattern.js'
import { isJavaUri } from './java-uri.js'

describe('patterns as Java reads them', () => {
  it.each([
    'a*',
    '^[A-Z]{3}$',
    '(?i)a',
    'a++',
    '(?<n>a)\\k<n>',
    '(?<=ab?)c',
    '(?<!a{1,3})b',
    '[a-z&&[^b]]',
    '[]a]',
    '[a-]',
    '[[:alpha:]]',
    '\\Q[\\E',
    '\\p{L}\\p{IsLatin}\\p{Alpha}',
    '\\x{1F600}\\u00e4',
    '\\z',
    '}]',
    'a{2}{3}',
    '(?s-m:.)',
  ])('takes %s', (pattern) => {
    expect(isJavaPattern(pattern)).toBe(true)
  })

  it.each([
    '[',
    '(',
    ')',
    '*a',
    'a**',
    'a|*',
    'a{',
    'a{3,2}',
    'a{99999999999}',
    '[z-a]',
    '[a-\\d]',
    '[]',
    '\\',
    '\\u{1F600}',
    '\\y',
    '\\k<none>',
    '\\p{Letters}',
    '(?P<n>a)',
    '(?<1>a)',
    '(?<n>a)(?<n>b)',
    '(?#comment)',
    '(?<=a*)b',
  ])('refuses %s', (pattern) => {
    expect(isJavaPattern(pattern)).toBe(false)
  })
})

describe('identifiers as Java reads them', () => {
  it.each(['', '#a', 'order.json', 'urn:a:b', 'http://example.com/a?b=[1]#c', 'http://[::1]/a', 'a%20b', '//h/p'])(
    'takes %p',
    (uri) => {
      expect(isJavaUri(uri)).toBe(true)
    },
  )

  it.each(['a b', '::', 'http:', 'http://[', '%', 'a#b#c', 'http://x/{a}'])('refuses %p', (uri) => {
    expect(isJavaUri(uri)).toBe(false)
  })
})
