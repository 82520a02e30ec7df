import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt } from '../../text/json-document.js'
import { stepsTo } from '../node-path.js'
import type { JsonSchema } from '../schema.js'
import { shapeOf } from '../structural/load-shape.js'
import { checkDepth, checkNumbers } from './json-limits.js'

/** Nesting that its parser of schemas until draft-07 takes; that of the later ones takes any. */
const deepestClassic = 512

/**
 * Refuses what Confluent's server refuses, no more and no less: keywords of the wrong form where it reads them,
 * references that lead nowhere from where it starts, patterns that are none in Java. Definitions that nothing refers
 * to are not looked at until draft-07.
 * @throws InvalidSchema
 */
export function validateAsConfluent(schema: JsonSchema): void {
  checkNumbers(schema)
  if (schema.dialect.refHidesSiblings) checkDepth(schema, deepestClassic)
  const [problem] = shapeOf(schema).problems
  if (!problem) return
  const steps = stepsTo(schema.root, problem.node)
  throw new InvalidSchema({
    reason: problem.reason,
    hint: problem.hint,
    path: steps && `#/${steps.join('/')}`,
    position: steps && positionAt(schema.text, problem.node.start),
  })
}
