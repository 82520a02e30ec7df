import { defaultBudget, type CanReadOptions } from '../schema/format.js'
import type { Break, Change, Verdict } from '../schema/verdict.js'
import type { JsonNode } from '../text/json-document.js'
import { LineIndex } from '../text/line-index.js'
import { canReadExactly, truthBehind } from './exact-verdict.js'
import { describeFurtherChange, furtherChanges } from './further-changes.js'
import { fixed, fixesFor } from './fixes.js'
import { stepsTo } from './node-path.js'
import type { JsonSchema } from './schema.js'
import { compareShapes, type Difference } from './structural/comparison.js'
import { shapeOf } from './structural/load-shape.js'
import { describeBreak, describeDifference } from './structural/messages.js'
import { Unanswerable } from './structural/unanswerable.js'
import { tolerates, type StructuralPolicy } from './structural/rules.js'

/** Each suggestion costs a parse and a comparison, so only the first breaks get one. */
const mostFixes = 5

/** What changed from one schema to the other, in the order of the newer text. */
export function diff(older: JsonSchema, newer: JsonSchema): Change[] {
  const differences = compare(older, newer, 'STRICT', defaultBudget.steps)
  return differences instanceof Unanswerable ? [] : changesOf(differences, older, newer)
}

/** Whether the reader can read everything that the writer writes, by the rules of the policy. */
export function canRead(reader: JsonSchema, writer: JsonSchema, options: CanReadOptions): Verdict {
  const { policy, budget = defaultBudget } = options
  const unresolved = shapeOf(reader).unresolved ?? shapeOf(writer).unresolved
  const structural: StructuralPolicy = policy === 'LENIENT' ? 'LENIENT' : 'STRICT'
  const differences = compare(writer, reader, structural, budget.steps)
  const known = differences instanceof Unanswerable ? [] : differences
  const changes = changesOf(known, writer, reader)
  switch (policy) {
    case 'STRICT':
    case 'LENIENT':
      if (differences instanceof Unanswerable) {
        return { outcome: 'undecided', changes, reason: differences.reason }
      }
      if (unresolved !== undefined) {
        return {
          outcome: 'undecided',
          changes,
          reason: `the reference ${JSON.stringify(unresolved)} leads to no schema`,
        }
      }
      return byRules(reader, writer, policy, options, changes, differences)
    case 'EXACT':
    case 'TOLERANT':
      return canReadExactly(reader, writer, policy, options, changes)
    default:
      return { outcome: 'undecided', changes, reason: `${policy} is no policy of JSON Schema` }
  }
}

const harmless = '. No message breaks, though: the policy EXACT would let this change through'

function byRules(
  reader: JsonSchema,
  writer: JsonSchema,
  policy: StructuralPolicy,
  { budget = defaultBudget, witness = true }: CanReadOptions,
  changes: Change[],
  differences: readonly Difference[],
): Verdict {
  const breaking = inTextOrder(differences.filter(({ rule }) => !tolerates(policy, rule)))
  if (breaking.length === 0) return { outcome: 'compatible', changes }
  const places = new Places(writer, reader)
  const truth = witness ? truthBehind(reader, writer) : {}
  const breaks = breaking.map((difference, index): Break => {
    const fix =
      witness && index < mostFixes ? verifiedFix(difference, breaking, reader, writer, policy, budget.steps) : undefined
    const at = { reader: places.newer(difference.update), writer: places.older(difference.original) }
    const { rule, path } = difference
    const message = describeBreak(difference) + (truth.harmless ? harmless : '')
    return { rule, path, message, ...(fix !== undefined && { fix }), at }
  })
  return { outcome: 'incompatible', changes, breaks, ...(truth.witness && { witness: truth.witness }) }
}

function compare(
  original: JsonSchema,
  update: JsonSchema,
  policy: StructuralPolicy,
  steps: number,
): Difference[] | Unanswerable {
  try {
    return compareShapes(shapeOf(original).root, shapeOf(update).root, policy, steps)
  } catch (error) {
    if (error instanceof Unanswerable) return error
    throw error
  }
}

/** A change of the reader after which the difference is gone and no other break has come up. */
function verifiedFix(
  difference: Difference,
  breaking: readonly Difference[],
  reader: JsonSchema,
  writer: JsonSchema,
  policy: StructuralPolicy,
  steps: number,
): string | undefined {
  const key = ({ rule, path }: Difference) => `${rule} ${path}`
  const before = new Set(breaking.map(key))
  const helps = ({ edits }: { edits: Parameters<typeof fixed>[1] }) => {
    const again = compare(writer, fixed(reader, edits), policy, steps)
    if (again instanceof Unanswerable) return false
    const after = again.filter(({ rule }) => !tolerates(policy, rule)).map(key)
    return !after.includes(key(difference)) && after.every((one) => before.has(one))
  }
  return fixesFor(difference, reader).find(helps)?.advice
}

function changesOf(differences: readonly Difference[], older: JsonSchema, newer: JsonSchema): Change[] {
  const places = new Places(older, newer)
  const at = (before: JsonNode | undefined, after: JsonNode | undefined) => ({
    older: places.older(before),
    newer: places.newer(after),
  })
  const changes = differences.map((difference) => ({
    start: difference.update?.start ?? 0,
    change: {
      rule: difference.rule,
      path: difference.path,
      message: describeDifference(difference),
      at: at(difference.original, difference.update),
    },
  }))
  const further = furtherChanges(older, newer).map((change) => ({
    start: change.newer?.start ?? 0,
    change: {
      rule: change.rule,
      path: change.path,
      message: describeFurtherChange(change),
      at: at(change.older, change.newer),
    },
  }))
  return [...changes, ...further].sort((a, b) => a.start - b.start).map(({ change }) => change)
}

const inTextOrder = (differences: readonly Difference[]) =>
  [...differences].sort((a, b) => (a.update?.start ?? 0) - (b.update?.start ?? 0))

/** Lines and columns of nodes in the two texts; what stands in a referenced text has none here. */
class Places {
  private olderLines?: LineIndex
  private newerLines?: LineIndex

  constructor(
    private readonly olderSchema: JsonSchema,
    private readonly newerSchema: JsonSchema,
  ) {}

  older(node: JsonNode | undefined) {
    return node && belongs(this.olderSchema, node)
      ? (this.olderLines ??= new LineIndex(this.olderSchema.text)).position(node.start)
      : undefined
  }

  newer(node: JsonNode | undefined) {
    return node && belongs(this.newerSchema, node)
      ? (this.newerLines ??= new LineIndex(this.newerSchema.text)).position(node.start)
      : undefined
  }
}

const belongs = (schema: JsonSchema, node: JsonNode) =>
  schema.resources.size === 0 || stepsTo(schema.root, node) !== undefined
