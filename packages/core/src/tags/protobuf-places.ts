import { parseText } from '../protobuf/syntax/parser.js'
import type { FieldNode, MessageNode, OptionNode } from '../protobuf/syntax/tree.js'
import type { Place, TextEdit } from './place.js'

/** The messages of a .proto file and their fields: `Message.Nested`, `Message.field`, `Message.oneof.field`. */
export function protobufPlaces(text: string): Place[] {
  const places: Place[] = []
  const visit = (message: MessageNode, prefix: string): void => {
    const path = prefix + message.name.name
    places.push(messagePlace(text, message, path))
    for (const statement of message.statements) {
      if (statement.kind === 'message') visit(statement, `${path}.`)
      if (statement.kind === 'field') places.push(fieldPlace(text, statement, `${path}.${statement.name.name}`))
      if (statement.kind !== 'oneof') continue
      for (const member of statement.statements) {
        if (member.kind === 'field')
          places.push(fieldPlace(text, member, `${path}.${statement.name.name}.${member.name.name}`))
      }
    }
  }
  for (const statement of parseText(text).statements) if (statement.kind === 'message') visit(statement, '')
  return places
}

function messagePlace(text: string, message: MessageNode, path: string): Place {
  const options = message.statements.filter((statement) => statement.kind === 'option')
  const found = options.find((option) => isNamed(option, 'confluent.message_meta'))
  return {
    path,
    type: 'sr_record',
    tags: tagsOf(found),
    retag: (tags) => {
      const value = metaText(text, found, tags)
      if (!found) {
        const last = options.at(-1)
        const at = last ? behindSemicolon(text, last.end) : text.indexOf('{', message.name.end) + 1
        return { at, end: at, text: value && `\noption (confluent.message_meta) = ${value};` }
      }
      if (value) return { at: found.value.at, end: found.value.end, text: value }
      const start = text.slice(0, found.at).trimEnd().length
      return { at: start, end: behindSemicolon(text, found.end), text: '' }
    },
  }
}

function fieldPlace(text: string, field: FieldNode, path: string): Place {
  const found = field.options.find((option) => isNamed(option, 'confluent.field_meta'))
  return { path, type: 'sr_field', tags: tagsOf(found), retag: (tags) => retaggedField(text, field, found, tags) }
}

function retaggedField(
  text: string,
  field: FieldNode,
  found: OptionNode | undefined,
  tags: readonly string[],
): TextEdit {
  const value = metaText(text, found, tags)
  if (!found) {
    const last = field.options.at(-1)
    const at = last?.end ?? field.number.end
    const option = value && `(confluent.field_meta) = ${value}`
    return { at, end: at, text: option && (last ? `, ${option}` : ` [${option}]`) }
  }
  if (value) return { at: found.value.at, end: found.value.end, text: value }
  const others = field.options.filter((option) => option !== found)
  const [first, last] = [field.options[0], field.options.at(-1)]
  if (!first || !last) return { at: found.at, end: found.end, text: '' }
  if (others.length > 0)
    return { at: first.at, end: last.end, text: others.map(({ at, end }) => text.slice(at, end)).join(', ') }
  const bracket = text.lastIndexOf('[', first.at)
  return { at: text.slice(0, bracket).trimEnd().length, end: text.indexOf(']', last.end) + 1, text: '' }
}

const isNamed = ({ name }: OptionNode, extension: string) =>
  name.length === 1 && name[0]?.extension === true && name[0].name.replace(/^\./, '') === extension

function tagsOf(option: OptionNode | undefined): string[] {
  if (option?.value.kind !== 'message') return []
  return option.value.entries
    .filter(({ name }) => name === 'tags')
    .flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]))
    .flatMap((value) => (value.kind === 'string' ? [value.text] : []))
}

/** The option's value with these tags in the place of its own; empty if nothing is left in it. */
function metaText(text: string, option: OptionNode | undefined, tags: readonly string[]): string {
  const entries = option?.value.kind === 'message' ? option.value.entries : []
  const others = entries.filter(({ name }) => name !== 'tags').map(({ at, end }) => text.slice(at, end))
  const list = tags.length > 0 ? [`tags: [${tags.map(quoted).join(', ')}]`] : []
  const all = [...others, ...list]
  return all.length > 0 ? `{ ${all.join(', ')} }` : ''
}

const quoted = (tag: string) => `"${tag.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`

const behindSemicolon = (text: string, end: number) => (text[end] === ';' ? end + 1 : end)
