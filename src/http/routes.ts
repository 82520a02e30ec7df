/** Which routes there are, to tell an unknown path from an unknown method. Filled from Fastify's own registrations. */
export class RouteTable {
  readonly #methods = new Map<string, Set<string>>()

  add(pattern: string, methods: string | readonly string[]): void {
    const known = this.#methods.get(pattern) ?? new Set<string>()
    for (const method of [methods].flat()) known.add(method)
    this.#methods.set(pattern, known)
  }

  /** Every route as `METHOD /path/{}`, each parameter as `{}`. */
  all(): string[] {
    return [...this.#methods].flatMap(([pattern, methods]) => {
      const path = pattern.split('/').map((part) => (isParameter(part) ? '{}' : part.replace('::', ':')))
      return [...methods].map((method) => `${method} ${path.join('/')}`)
    })
  }

  /** The methods that some route knows for this path; empty if there is no such path. */
  allowed(path: string): string[] {
    const segments = path.split('/')
    const allowed = new Set<string>()
    for (const [pattern, methods] of this.#methods) {
      if (!fits(pattern.split('/'), segments)) continue
      for (const method of methods) allowed.add(method)
    }
    if (allowed.size > 0) allowed.add('OPTIONS')
    return [...allowed].sort()
  }
}

function fits(pattern: string[], segments: string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) =>
      isParameter(part) ? segments[index] !== '' : part.replace('::', ':') === segments[index],
    )
  )
}

const isParameter = (part: string) => part.startsWith(':') && !part.startsWith('::')
