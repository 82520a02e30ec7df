import { RegistryError } from './errors.js'

/**
 * Brings the path of a request into the form that routes are written in: no path parameters (`;x=y`), no trailing
 * slash, and `/contexts/{ctx}/..` carried over to the names in the path.
 * @throws RegistryError if the path cannot be read without guessing
 */
export function normalizedUrl(url: string, method: string): string {
  if (url.length > longestUrl) throw new RegistryError('uriTooLong')
  const [path, query] = split(url)
  if (path === '/' || path === '*') return url
  const segments = readSegments(path)
  const { segments: routed, query: scoped } = carryContext(segments.flatMap(splitOperation), query, method)
  return `/${routed.join('/')}${scoped === undefined ? '' : `?${scoped}`}`
}

/** Longer ones are refused, as the protocol's server does. */
const longestUrl = 8_192

/** The segments of a path, still percent-encoded, with dot segments resolved as RFC 3986 section 5.2.4 has it. */
function readSegments(path: string): string[] {
  if (!path.startsWith('/')) throw new RegistryError('badPath', { detail: 'it does not begin with a slash' })
  const raw = path.slice(1).split('/')
  if (raw.at(-1) === '') raw.pop()
  const segments: string[] = []
  for (const segment of raw.map(withoutParameters)) {
    if (segment === '.') continue
    if (segment === '..') {
      if (segments.pop() === undefined) throw new RegistryError('badPath', { detail: 'it leads above the root' })
      continue
    }
    check(segment)
    segments.push(segment)
  }
  return segments
}

/** `associations:batchGet` is routed as `associations/batchGet`: a colon means a parameter to the router. */
const splitOperation = (segment: string) => (segment.startsWith('associations:') ? segment.split(':') : [segment])

const withoutParameters = (segment: string) => segment.split(';', 1)[0] ?? ''

function check(segment: string): void {
  if (segment === '') throw new RegistryError('badPath', { detail: 'it has an empty segment' })
  if (/^(%2e){1,2}$|^(\.%2e|%2e\.)$/i.test(segment))
    throw new RegistryError('badPath', { detail: 'it has an encoded dot segment' })
  const text = decoded(segment)
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new RegistryError('badPath', { detail: 'it has a control character' })
  if (text.includes('\\')) throw new RegistryError('badPath', { detail: 'it has a backslash' })
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new RegistryError('badPath', { detail: `'${segment.slice(0, 80)}' is not percent-encoded UTF-8` })
  }
}

/** What names a subject behind it, anywhere in the path; and what does so at its beginning. */
const namesSubject = new Set(['subjects', 'deks'])
const namesScope = new Set(['config', 'mode'])

/** `/contexts/.c/subjects/a` means `/subjects/:.c:a`. */
function carryContext(
  segments: string[],
  query: string | undefined,
  method: string,
): { segments: string[]; query?: string } {
  const [first, name, ...rest] = segments
  if (first !== 'contexts' || name === undefined || rest.length === 0) return { segments, query }
  const prefix = contextPrefix(decoded(name))
  const qualify = (segment: string) =>
    /^:(\.|\*:)/.test(decoded(segment)) ? segment : encodeURIComponent(prefix) + segment

  const qualified = rest.map((segment, index) => {
    const before = rest[index - 1] ?? ''
    return namesSubject.has(before) || (index === 1 && namesScope.has(before)) ? qualify(segment) : segment
  })
  if (rest.length === 1 && namesScope.has(rest[0] ?? '')) qualified.push(encodeURIComponent(prefix))

  return { segments: qualified, query: scopedQuery(rest, query, prefix, method) }
}

function contextPrefix(name: string): string {
  const context = /^:(.*):$/.exec(name)?.[1] ?? name
  if (context.includes(':')) throw new RegistryError('badRequest', { detail: `'${name}' is not the name of a context` })
  return context.startsWith('.') ? `:${context}:` : `:.${context}:`
}

function scopedQuery(rest: string[], query: string | undefined, prefix: string, method: string): string | undefined {
  const [first, second] = rest
  if (first === 'schemas' && second === 'ids') return withScope(query, 'subject', prefix)
  if (rest.length === 1 && (first === 'schemas' || first === 'subjects'))
    return withScope(query, 'subjectPrefix', prefix)
  if (first === 'dek-registry' && rest[2] === 'keks') return withScope(query, 'subjectPrefix', prefix)
  if (first?.startsWith('associations') && ['POST', 'PUT', 'PATCH'].includes(method))
    return withScope(query, 'context', prefix)
  return query
}

/** Puts the context in front of the parameter's value, or adds the parameter. */
function withScope(query: string | undefined, parameter: string, prefix: string): string {
  const parameters = new URLSearchParams(query)
  const value = parameters.get(parameter) ?? ''
  parameters.set(parameter, /^:(\.|\*:)/.test(value) ? value : prefix + value)
  return parameters.toString()
}

function split(url: string): [path: string, query: string | undefined] {
  const at = url.indexOf('?')
  return at < 0 ? [url, undefined] : [url.slice(0, at), url.slice(at + 1)]
}
