/** The parts of a URI reference (RFC 3986, appendix B). Absent parts are `undefined`, the path never is. */
interface UriParts {
  scheme?: string
  authority?: string
  path: string
  query?: string
  fragment?: string
}

const pattern = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s

function split(uri: string): UriParts {
  const [, scheme, authority, path = '', query, fragment] = pattern.exec(uri) ?? []
  return { scheme, authority, path, query, fragment }
}

function join({ scheme, authority, path, query, fragment }: UriParts): string {
  return [
    scheme === undefined ? '' : `${scheme}:`,
    authority === undefined ? '' : `//${authority}`,
    path,
    query === undefined ? '' : `?${query}`,
    fragment === undefined ? '' : `#${fragment}`,
  ].join('')
}

/** Resolves a reference against a base (RFC 3986, section 5.2.2); a base without scheme is allowed. */
export function resolveUri(base: string, reference: string): string {
  const r = split(reference)
  const b = split(base)
  if (r.scheme !== undefined) return join({ ...r, path: withoutDots(r.path) })
  if (r.authority !== undefined) return join({ ...r, scheme: b.scheme, path: withoutDots(r.path) })
  const target = { scheme: b.scheme, authority: b.authority, fragment: r.fragment }
  if (r.path === '') return join({ ...target, path: b.path, query: r.query ?? b.query })
  const path = r.path.startsWith('/') ? r.path : merge(b, r.path)
  return join({ ...target, path: withoutDots(path), query: r.query })
}

/** The document that a URI names, and the fragment in it (decoded; empty if there is none). */
export function splitFragment(uri: string): { document: string; fragment: string } {
  const at = uri.indexOf('#')
  if (at < 0) return { document: uri, fragment: '' }
  return { document: uri.slice(0, at), fragment: decode(uri.slice(at + 1)) }
}

/** The keys and indexes that a JSON pointer (RFC 6901) goes through; `undefined` if it is none. */
export function pointerSteps(pointer: string): string[] | undefined {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) return undefined
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'))
}

/** A fragment with broken percent encoding is taken literally: it will just name nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function merge(base: UriParts, path: string): string {
  if (base.authority !== undefined && base.path === '') return `/${path}`
  return base.path.slice(0, base.path.lastIndexOf('/') + 1) + path
}

function withoutDots(path: string): string {
  if (!/(^|\/)\.\.?(\/|$)/.test(path)) return path
  const output: string[] = []
  const steps = path.split('/')
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1
    if (step === '..') {
      if (output.length > 1 || (output.length === 1 && output[0] !== '')) output.pop()
      if (last) output.push('')
    } else if (step === '.') {
      if (last) output.push('')
    } else output.push(step)
  }
  return output.join('/')
}
