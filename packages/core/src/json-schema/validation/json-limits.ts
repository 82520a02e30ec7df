import { InvalidSchema } from '../../schema/invalid-schema.js'
import { positionAt, type JsonNode } from '../../text/json-document.js'

/** Limits of the JSON parser that Confluent's server uses. */
const longestNumber = 1000
const greatestExponent = 2 ** 31 - 1

interface Document {
  text: string
  root: JsonNode
}

/** @throws InvalidSchema for numbers beyond what Confluent's server reads */
export function checkNumbers({ text, root }: Document): void {
  for (const { node } of nodesOf(root)) {
    if (node.kind !== 'number') continue
    const position = () => positionAt(text, node.start)
    if (node.lexeme.length > longestNumber) {
      throw new InvalidSchema({ reason: `a number has more than ${longestNumber} characters`, position: position() })
    }
    const exponent = Number(/[eE](.*)$/.exec(node.lexeme)?.[1] ?? 0)
    if (Math.abs(exponent) > greatestExponent) {
      throw new InvalidSchema({ reason: `the exponent of ${node.lexeme} is out of range`, position: position() })
    }
  }
}

/** @throws InvalidSchema for objects and lists within more than `deepest` others */
export function checkDepth({ text, root }: Document, deepest: number): void {
  for (const { node, depth } of nodesOf(root)) {
    if (depth <= deepest || (node.kind !== 'object' && node.kind !== 'array')) continue
    throw new InvalidSchema({
      reason: `nested more than ${deepest} levels deep`,
      position: positionAt(text, node.start),
      hint: 'move inner schemas to definitions and refer to them',
    })
  }
}

function* nodesOf(root: JsonNode): Generator<{ node: JsonNode; depth: number }> {
  const pending = [{ node: root, depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next
    const { node, depth } = next
    const children = node.kind === 'array' ? node.items : node.kind === 'object' ? values(node) : []
    for (const child of children) pending.push({ node: child, depth: depth + 1 })
  }
}

const values = (node: Extract<JsonNode, { kind: 'object' }>) => [...node.members.values()].map(({ value }) => value)
