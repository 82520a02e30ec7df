import type { JsonArray, JsonNode, JsonObject } from '../text/json-document.js'

/** A piece of a text, from `start` to `end` (offsets in UTF-16 code units), that becomes `text`. */
export interface TextEdit {
  start: number
  end: number
  text: string
}

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let edited = text
  for (const edit of [...edits].sort((a, b) => b.start - a.start)) {
    edited = edited.slice(0, edit.start) + edit.text + edited.slice(edit.end)
  }
  return edited
}

export const replaceNode = (node: JsonNode, text: string): TextEdit => ({ start: node.start, end: node.end, text })

/** Puts a member behind the last one. */
export function addMember(object: JsonObject, key: string, value: string): TextEdit {
  const last = [...object.members.values()].at(-1)
  const at = last ? last.value.end : object.start + 1
  return { start: at, end: at, text: `${last ? ', ' : ''}${JSON.stringify(key)}: ${value}` }
}

export function addItem(list: JsonArray, value: string): TextEdit {
  const last = list.items.at(-1)
  const at = last ? last.end : list.start + 1
  return { start: at, end: at, text: `${last ? ', ' : ''}${value}` }
}

/** Takes a member out with the comma that separated it. */
export function removeMember(object: JsonObject, key: string): TextEdit | undefined {
  const members = [...object.members.values()]
  const spans = members.map((member) => ({ start: member.key.start, end: member.value.end }))
  return removeSpan(
    spans,
    members.findIndex((member) => member.key.value === key),
  )
}

export function removeItem(list: JsonArray, index: number): TextEdit | undefined {
  return removeSpan(list.items, index)
}

function removeSpan(spans: readonly { start: number; end: number }[], index: number): TextEdit | undefined {
  const span = spans[index]
  if (!span) return undefined
  const next = spans[index + 1]
  const previous = spans[index - 1]
  if (next) return { start: span.start, end: next.start, text: '' }
  return { start: previous ? previous.end : span.start, end: span.end, text: '' }
}
