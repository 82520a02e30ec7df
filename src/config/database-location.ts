import type { Kind } from './kinds.js'

/** Where the registry keeps its data. */
export type DatabaseLocation = { engine: 'sqlite'; path: string } | { engine: 'memory' }

/** `sqlite:PATH` or `memory:`, as users write it. */
export const databaseLocation: Kind<DatabaseLocation> = {
  placeholder: 'URL',
  legal: '`sqlite:PATH` (a file, made when it is missing) or `memory:` (nothing outlives the process)',
  read(input) {
    const url = input.trim()
    if (url === 'memory:') return { engine: 'memory' }
    const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(url)?.[1]
    if (path !== undefined) return { engine: 'sqlite', path }
    if (url === 'sqlite:')
      throw new Error('is "sqlite:" without a path; write sqlite:PATH, e.g. sqlite:./data/concordat.db')
    // Only the scheme is repeated: what follows may hold a password, and this text ends in a log.
    const scheme = /^[a-z0-9+.-]{1,20}:/i.exec(url)?.[0]
    throw new Error(`${scheme ? `starts with "${scheme}"` : 'has no scheme'}; it has to be sqlite:PATH or memory:`)
  },
  show: (location) => (location.engine === 'memory' ? 'memory:' : `sqlite:${location.path}`),
}
