import type { JsonNode } from '../../text/json-document.js'
import { compareArrays } from './compare-arrays.js'
import { compareCombined, compareMixed } from './compare-combined.js'
import { compareObjects } from './compare-objects.js'
import { compareEnums, compareNumbers, compareStrings } from './compare-values.js'
import { tolerates, type RuleId, type StructuralPolicy } from './rules.js'
import type { NotShape, Shape } from './shape.js'
import { Unanswerable } from './unanswerable.js'

export interface Difference {
  rule: RuleId
  /** `#/properties/a/maxLength`; the root is `#/`. While comparing: relative, such as `/maxLength`. */
  path: string
  /** What was there and what is there now, as far as the text has it. */
  original?: JsonNode
  update?: JsonNode
  /** The keyword that differs, if it is one, and the schemas that have it or had it: the update's and the original's. */
  keyword?: string
  holder?: JsonNode
  former?: JsonNode
}

const tooLarge =
  'the schemas are too large or too deeply recursive to compare within the budget: split them, or raise the budget'

/**
 * Compares the writer's shape (original) with the reader's (update). Recursive schemas make it go round: a pair that is
 * being compared already counts as free of breaks, so passes are repeated, with what the last one found about such
 * pairs, until no further pair turns out to break.
 * @throws Unanswerable
 */
export function compareShapes(original: Shape, update: Shape, policy: StructuralPolicy, steps: number): Difference[] {
  const budget = { left: steps }
  const breaks: PairMap<readonly Difference[]> = new Map()
  for (;;) {
    const pass = new Comparison(policy, breaks, budget)
    const differences = pass.compare(original, update)
    const more = pass.recursive && keepBreaks(breaks, pass.results, policy)
    if (!more) return differences.map((difference) => ({ ...difference, path: `#${difference.path || '/'}` }))
  }
}

type PairMap<T> = Map<Shape, Map<Shape, T>>

/** Keeps what is first found to break in a pair. @returns whether there is a new pair */
function keepBreaks(
  breaks: PairMap<readonly Difference[]>,
  results: PairMap<readonly Difference[]>,
  policy: StructuralPolicy,
): boolean {
  let more = false
  for (const [original, updates] of results) {
    for (const [update, differences] of updates) {
      const breaking = differences.filter(({ rule }) => !tolerates(policy, rule))
      if (breaking.length === 0 || breaks.get(original)?.has(update)) continue
      more = true
      breaks.set(original, (breaks.get(original) ?? new Map<Shape, readonly Difference[]>()).set(update, breaking))
    }
  }
  return more
}

/** Nesting of schemas that are compared; recursion may unroll two schemas against each other. */
const maxDepth = 600

export class Comparison {
  readonly results: PairMap<readonly Difference[]> = new Map()
  /** Whether a pair was met inside itself, so that another pass may find more. */
  recursive = false
  private readonly inProgress = new Map<Shape, Set<Shape>>()
  private depth = 0

  constructor(
    private readonly policy: StructuralPolicy,
    private readonly breaks: PairMap<readonly Difference[]>,
    private readonly budget: { left: number },
  ) {}

  /** Differences with paths relative to the pair; none where one side has no schema. */
  compare(original: Shape | undefined, update: Shape | undefined): readonly Difference[] {
    if (!original || !update) return []
    return this.remembered(follow(original), follow(update))
  }

  tolerable(differences: readonly Difference[]): boolean {
    return differences.every(({ rule }) => tolerates(this.policy, rule))
  }

  private remembered(original: Shape, update: Shape): readonly Difference[] {
    const known = this.results.get(original)?.get(update)
    if (known) return known
    const partners = this.inProgress.get(original) ?? new Set()
    this.inProgress.set(original, partners)
    if (partners.has(update)) {
      this.recursive = true
      return this.breaks.get(original)?.get(update) ?? []
    }
    if (this.budget.left-- <= 0 || this.depth >= maxDepth) throw new Unanswerable(tooLarge)
    partners.add(update)
    this.depth++
    const differences = this.comparePair(original, update)
    this.depth--
    partners.delete(update)
    let results = this.results.get(original)
    if (!results) this.results.set(original, (results = new Map<Shape, readonly Difference[]>()))
    results.set(update, differences)
    return differences
  }

  private comparePair(original: Shape, update: Shape): readonly Difference[] {
    const mixed = compareMixed(this, original, update)
    if (mixed) return mixed
    if (original.kind !== update.kind) {
      if (original.kind === 'false' || update.kind === 'empty' || (original.bytes && update.bytes)) return []
      return [difference('TYPE_CHANGED', original, update, 'type', '')]
    }
    return [...compareAnnotations(original, update), ...this.compareKind(original, update)]
  }

  private compareKind(original: Shape, update: Shape): readonly Difference[] {
    switch (original.kind) {
      case 'string':
        return compareStrings(original, update as typeof original)
      case 'number':
        return compareNumbers(original, update as typeof original)
      case 'object':
        return compareObjects(this, original, update as typeof original)
      case 'array':
        return compareArrays(this, original, update as typeof original)
      case 'enum':
        return compareEnums(original, update as typeof original)
      case 'const': {
        const same = original.value === (update as typeof original).value
        return same ? [] : [difference('ENUM_ARRAY_CHANGED', original, update, 'const')]
      }
      case 'combined':
        return compareCombined(this, original, update as typeof original)
      case 'not':
        return this.compareNot(original, update as typeof original)
      default:
        return []
    }
  }

  /** What is excluded has to become less, so the sides change places. */
  private compareNot(original: NotShape, update: NotShape): readonly Difference[] {
    const narrowed = this.tolerable(this.compare(update.inner, original.inner))
    return [difference(narrowed ? 'NOT_TYPE_NARROWED' : 'NOT_TYPE_EXTENDED', original, update, 'not')]
  }
}

/** One reference is followed, a reference behind it is not. */
function follow(shape: Shape): Shape {
  return shape.kind === 'reference' ? (shape.target.shape ?? shape) : shape
}

function compareAnnotations(original: Shape, update: Shape): Difference[] {
  const found: Difference[] = []
  const check = (rule: RuleId, key: 'id' | 'title' | 'description' | 'default') => {
    if (original[key] !== update[key]) found.push(difference(rule, original, update, key, key))
  }
  check('ID_CHANGED', 'id')
  check('TITLE_CHANGED', 'title')
  check('DESCRIPTION_CHANGED', 'description')
  check('DEFAULT_CHANGED', 'default')
  return found
}

/** A difference at a keyword of two shapes; `step` is what the path shows of it. */
export function difference(
  rule: RuleId,
  original: Shape,
  update: Shape,
  keyword: string,
  step: string = keyword,
): Difference {
  return {
    rule,
    path: step === '' ? '' : `/${step}`,
    original: keywordNode(original, keyword),
    update: keywordNode(update, keyword),
    keyword,
    holder: update.node,
    former: original.node,
  }
}

function keywordNode(shape: Shape, keyword: string): JsonNode {
  return (shape.node.kind === 'object' ? shape.node.members.get(keyword)?.value : undefined) ?? shape.node
}

/** The same differences, seen from one step further out. */
export function under(step: string, differences: readonly Difference[]): Difference[] {
  return differences.map((found) => ({ ...found, path: `/${step}${found.path}` }))
}
