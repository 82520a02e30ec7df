import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt } from '../syntax/position.js'
import type { Node } from '../syntax/tree.js'

/** A node of the text, or, in what came as a descriptor, a full name. */
export type Place = Pick<Node, 'at'> | string | undefined

/**
 * Where the rules report to. With `strict` the first report ends the compilation; otherwise it is kept, and the
 * compilation goes on as far as it can.
 */
export class Diagnostics {
  problem?: InvalidSchema
  /** Whether one of the reports was about a name that stands for nothing. */
  unresolved = false

  constructor(
    readonly strict: boolean,
    private readonly text: string | undefined,
  ) {}

  /** Throws with `strict`, keeps the first problem otherwise. */
  report(at: Place, reason: string, hint?: string): void {
    if (this.strict) this.fail(at, reason, hint)
    this.problem ??= this.describe(at, reason, hint)
  }

  /** For what no compilation can go on after. @throws InvalidSchema */
  fail(at: Place, reason: string, hint?: string): never {
    throw this.describe(at, reason, hint)
  }

  private describe(at: Place, reason: string, hint: string | undefined): InvalidSchema {
    const position =
      typeof at === 'object' && at.at >= 0 && this.text !== undefined ? positionAt(this.text, at.at) : undefined
    return new InvalidSchema({ reason, hint, position, path: typeof at === 'string' ? at : undefined })
  }
}
