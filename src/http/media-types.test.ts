import { isReadable, negotiate } from './media-types.js'

const registry = 'application/vnd.schemaregistry.v1+json'

describe('the type of an answer', () => {
  it.each([
    [undefined, registry],
    ['*/*', registry],
    ['application/*', registry],
    ['application/json', 'application/json'],
    ['application/json, application/vnd.schemaregistry.v1+json;q=0.5', 'application/json'],
    ['application/json;q=0, */*', registry],
    ['text/html, application/vnd.schemaregistry+json', 'application/vnd.schemaregistry+json'],
    ['text/plain', undefined],
  ])('for Accept: %s is %s', (accept, type) => expect(negotiate(accept)).toBe(type))
})

describe('the type of a request', () => {
  it.each([[undefined], ['APPLICATION/JSON; charset=utf-8'], ['application/octet-stream'], [registry]])(
    '%s is read',
    (type) => expect(isReadable(type)).toBe(true),
  )
  it.each([['text/plain'], ['*/*'], ['application/*'], ['application/xml']])('%s is not read', (type) =>
    expect(isReadable(type)).toBe(false),
  )
})
