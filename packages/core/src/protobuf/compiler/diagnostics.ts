import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt } from '../syntax/position.js'
import type { Node } from '../syntax/tree.js'

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

  /**
   * @param at the node in the text, or, for what came in as a descriptor, its full name
   */
  report(at: Pick<Node, 'at'> | string | undefined, reason: string, hint?: string): void {
    const position =
      typeof at === 'object' && at.at >= 0 && this.text !== undefined ? positionAt(this.text, at.at) : undefined
    const problem = new InvalidSchema({ reason, hint, position, path: typeof at === 'string' ? at : undefined })
    if (this.strict) throw problem
    this.problem ??= problem
  }
}
