import { toValue, type JsonNode, type JsonObject } from '../../text/json-document.js'
import { printJson } from '../canonical-text.js'
import { parseDecimal, printDecimal, type Decimal } from '../decimal.js'

/** Something that keeps a schema from being loaded completely. Without it the rest is still comparable. */
export interface Problem {
  node: JsonNode
  reason: string
  hint?: string
}

const kindNames = { object: 'an object', array: 'a list', string: 'a string', number: 'a number' } as const

export function describeKind(node: JsonNode): string {
  if (node.kind === 'literal') return String(node.value)
  return kindNames[node.kind]
}

/** Reads the keywords of one schema object; what has the wrong form is reported and counts as absent. */
export class KeywordReader {
  constructor(
    readonly node: JsonObject,
    private readonly report: (problem: Problem) => void,
  ) {}

  get(keyword: string): JsonNode | undefined {
    return this.node.members.get(keyword)?.value
  }

  has(...keywords: string[]): boolean {
    return keywords.some((keyword) => this.node.members.has(keyword))
  }

  wrong(node: JsonNode, keyword: string, wanted: string): undefined {
    this.report({
      node,
      reason: `${JSON.stringify(keyword)} has to be ${wanted}, not ${describeKind(node)}`,
    })
    return undefined
  }

  string(keyword: string): string | undefined {
    const node = this.get(keyword)
    if (!node) return undefined
    return node.kind === 'string' ? node.value : this.wrong(node, keyword, 'a string')
  }

  boolean(keyword: string): boolean | undefined {
    const node = this.get(keyword)
    if (!node) return undefined
    return node.kind === 'literal' && node.value !== null ? node.value : this.wrong(node, keyword, 'true or false')
  }

  object(keyword: string): JsonObject | undefined {
    const node = this.get(keyword)
    if (!node) return undefined
    return node.kind === 'object' ? node : this.wrong(node, keyword, 'an object')
  }

  list(keyword: string): readonly JsonNode[] | undefined {
    const node = this.get(keyword)
    if (!node) return undefined
    return node.kind === 'array' ? node.items : this.wrong(node, keyword, 'a list')
  }

  names(keyword: string, node = this.get(keyword)): Set<string> | undefined {
    if (!node) return undefined
    if (node.kind !== 'array') return this.wrong(node, keyword, 'a list of names')
    const names = new Set<string>()
    for (const item of node.items) {
      if (item.kind === 'string') names.add(item.value)
      else this.wrong(item, keyword, 'a list of names')
    }
    return names
  }

  /** As double: bounds are compared as such. */
  number(keyword: string): number | undefined {
    const node = this.get(keyword)
    if (!node) return undefined
    return node.kind === 'number' ? Number(node.lexeme) : this.wrong(node, keyword, 'a number')
  }

  decimal(keyword: string): Decimal | undefined {
    const node = this.get(keyword)
    if (!node) return undefined
    return node.kind === 'number' ? parseDecimal(node.lexeme) : this.wrong(node, keyword, 'a number')
  }

  /** A count. `exact` takes only what is written without point and exponent and fits 32 bits, as draft-07 parsers do. */
  count(keyword: string, exact: boolean): number | undefined {
    const node = this.get(keyword)
    if (!node) return undefined
    if (node.kind !== 'number') return this.wrong(node, keyword, 'a whole number')
    const value = Number(node.lexeme)
    if (exact && (!/^-?\d+$/.test(printDecimal(parseDecimal(node.lexeme))) || Math.abs(value) > 2 ** 31 - 1)) {
      this.report({
        node,
        reason: `${JSON.stringify(keyword)} has to be a whole number below 2147483648, written without point or exponent`,
      })
    }
    return Math.trunc(value)
  }

  /** The value as text by which equal values are equal. */
  value(keyword: string): string | undefined {
    const node = this.get(keyword)
    return node && valueText(node)
  }

  plain(keyword: string): unknown {
    const node = this.get(keyword)
    return node && toValue(node)
  }
}

export const valueText = (node: JsonNode) => printJson(node, { sortKeys: true })
