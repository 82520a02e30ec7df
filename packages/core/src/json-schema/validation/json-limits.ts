import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt, type JsonNode } from '../../text/json-document.js'

/** Limits of the JSON parser that Confluent's server uses. */
const longestNumber = 1000
const greatestExponent = 2 ** 31 - 1

/** Nesting that its parser of schemas until draft-07 takes. */
const deepest = 512

interface Limited {
  text: string
  root: JsonNode
  limitDepth: boolean
}

/** @throws InvalidSchema for numbers or nesting beyond what that server reads */
export function checkLimits({ text, root, limitDepth }: Limited): void {
  const refuse = (node: JsonNode, reason: string): never => {
    throw new InvalidSchema({ reason, position: positionAt(text, node.start) })
  }
  const pending: { node: JsonNode; depth: number }[] = [{ node: root, depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, depth } = next
    if (node.kind === 'number') {
      if (node.lexeme.length > longestNumber) refuse(node, `a number has more than ${longestNumber} characters`)
      const exponent = Number(/[eE](.*)$/.exec(node.lexeme)?.[1] ?? 0)
      if (Math.abs(exponent) > greatestExponent) refuse(node, `the exponent of ${node.lexeme} is out of range`)
    }
    if (limitDepth && depth > deepest && (node.kind === 'object' || node.kind === 'array')) {
      refuse(node, `nested more than ${deepest} levels deep`)
    }
    const children = node.kind === 'array' ? node.items : node.kind === 'object' ? values(node) : []
    for (const child of children) pending.push({ node: child, depth: depth + 1 })
  }
}

const values = (node: Extract<JsonNode, { kind: 'object' }>) => [...node.members.values()].map(({ value }) => value)
