import { createHash } from 'node:crypto'
import { isAbsolute, relative, resolve } from 'node:path'
import { CliError } from './cli-error.js'
import { exitCodes } from './exit-codes.js'

/**
 * A file name made of text from a registry: letters, digits, dot, dash and underscore, and the start of a hash of the
 * whole text, so that no two subjects share a name, also where case does not count.
 */
export function slug(text: string): string {
  const readable = text
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(0, 80)
  return `${readable || 'schema'}.${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8)}`
}

/** Resolves a path below a folder. @throws CliError if it would lead out of it */
export function insideOf(folder: string, path: string): string {
  const full = resolve(folder, path)
  const steps = relative(folder, full)
  if (steps === '' || steps.startsWith('..') || isAbsolute(steps)) {
    throw new CliError(exitCodes.contractProblem, `the path ${JSON.stringify(path)} leads out of its folder`)
  }
  return full
}
