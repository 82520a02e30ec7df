import { InvalidSchema } from '../schema/invalid-schema.js'
import type { JsonNode } from '../text/json-document.js'
import { parseJson, positionAt } from '../text/json-document.js'

/**
 * The JSON of a schema's text. As Java's parser does, which wrote most of the world's schemas, it passes over comments
 * before and inside the schema and over blanks and control characters behind it.
 *
 * @throws InvalidSchema
 */
export function schemaJson(text: string, refuseDuplicateKeys = false): JsonNode {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end--
  const { root } = parseJson(text.slice(0, end), { comments: true, refuseDuplicateKeys })
  if (root.end === end) return root
  const position = positionAt(text, root.end)
  throw new InvalidSchema({ reason: 'there is a comment behind the schema', position, hint: 'remove it' })
}
