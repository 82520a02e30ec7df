import { RegistryError } from './errors.js'
import { normalizedUrl } from './request-path.js'

const get = (url: string) => normalizedUrl(url, 'GET')

describe('the path of a request', () => {
  it.each([
    ['/subjects/', '/subjects'],
    ['/subjects;x=y/a;z/versions', '/subjects/a/versions'],
    ['/./subjects/../schemas/types', '/schemas/types'],
    ['/subjects/a%2Fb/versions', '/subjects/a%2Fb/versions'],
    ['/', '/'],
  ])('%s is routed as %s', (sent, routed) => expect(get(sent)).toBe(routed))

  it.each([
    ['/contexts/.c/subjects/a/versions', '/subjects/%3A.c%3Aa/versions'],
    ['/contexts/c/subjects/a/versions', '/subjects/%3A.c%3Aa/versions'],
    ['/contexts/:.c:/compatibility/subjects/a/versions', '/compatibility/subjects/%3A.c%3Aa/versions'],
    ['/contexts/.c/subjects/:.d:a/versions', '/subjects/:.d:a/versions'],
    ['/contexts/.c/subjects/config/versions', '/subjects/%3A.c%3Aconfig/versions'],
    ['/contexts/.c/config', '/config/%3A.c%3A'],
    ['/contexts/.c/mode/a', '/mode/%3A.c%3Aa'],
    ['/contexts/.c/schemas/ids/1?subject=a', '/schemas/ids/1?subject=%3A.c%3Aa'],
    ['/contexts/.c/subjects', '/subjects?subjectPrefix=%3A.c%3A'],
    ['/contexts/.c', '/contexts/.c'],
  ])('%s in a context is routed as %s', (sent, routed) => expect(get(sent)).toBe(routed))

  it.each([
    ['an empty segment', '/subjects//versions'],
    ['an encoded dot segment', '/subjects/%2e%2E/versions'],
    ['a backslash', '/subjects/a%5Cb'],
    ['a control character', '/subjects/a%0Ab'],
    ['broken percent encoding', '/subjects/%zz'],
    ['bytes that are no UTF-8', '/subjects/%ff'],
    ['a way above the root', '/../subjects'],
    ['a context with a colon inside', '/contexts/a:b/subjects'],
  ])('with %s is refused with 400', (_, sent) => {
    expect(() => get(sent)).toThrow(RegistryError)
    expect(() => get(sent)).toThrow(expect.objectContaining({ status: 400 }) as Error)
  })

  it('that is too long is refused with 414', () => {
    expect(() => get(`/subjects/${'s'.repeat(9000)}`)).toThrow(expect.objectContaining({ status: 414 }) as Error)
  })
})
