import { parseJson, type JsonNode, type JsonObject } from '../text/json-document.js'
import { printJson } from './canonical-text.js'
import { stepsTo } from './node-path.js'
import type { JsonSchema } from './schema.js'
import type { Difference } from './structural/comparison.js'
import { addItem, addMember, applyEdits, removeItem, removeMember, replaceNode, type TextEdit } from './text-edit.js'

/** A change of the reader that may make a difference go away. Offered only after it was tried. */
export interface Fix {
  advice: string
  edits: readonly TextEdit[]
}

/** The reader as it would be after a fix, with the same documents to refer to. */
export function fixed(reader: JsonSchema, edits: readonly TextEdit[]): JsonSchema {
  const text = applyEdits(reader.text, edits)
  return { ...reader, text, root: parseJson(text, { ignoreRest: true, nonFiniteAsText: true }).root }
}

/** What could be changed in the reader's own text about a difference; the most desirable first. */
export function fixesFor(difference: Difference, reader: JsonSchema): Fix[] {
  const { holder, rule } = difference
  if (holder?.kind !== 'object' || !stepsTo(reader.root, holder)) return []
  const build = builders.find(([pattern]) => pattern.test(rule))?.[1]
  return build ? build({ ...difference, holder, name: lastStep(difference.path) }) : []
}

type Case = Difference & { holder: JsonObject; name: string }

const builders: readonly (readonly [RegExp, (found: Case) => Fix[]])[] = [
  [/^(MAX|MIN|EXCLUSIVE|PATTERN|MULTIPLE_OF|UNIQUE_ITEMS|SCHEMA).*_ADDED$/, dropKeyword],
  [
    /^(MAX|MIN|EXCLUSIVE|PATTERN|MULTIPLE_OF|NOT_TYPE).*_(INCREASED|DECREASED|CHANGED|EXPANDED|EXTENDED)$/,
    restoreKeyword,
  ],
  [/^(ADDITIONAL|UNEVALUATED)_.*_(REMOVED|NARROWED)$/, dropKeyword],
  [/^ENUM_ARRAY_/, restoreValues],
  [/^REQUIRED_ATTRIBUTE_ADDED$|^REQUIRED_PROPERTY_ADDED_TO/, giveDefaultOrRelax],
  [/^(REQUIRED|OPTIONAL)_PROPERTY_.*ADDED_TO_OPEN/, unconstrain],
  [/^PROPERTY_REMOVED_/, restoreProperty],
  [/^(PROPERTY|ITEM)_ADDED_NOT_COVERED/, asWrittenBefore],
  [/^ITEM_REMOVED_/, restoreItem],
  [/^ITEM_ADDED_TO_OPEN/, unconstrainItem],
  [/^COMBINED_TYPE_CHANGED$/, restoreCriterion],
  [/^TYPE_CHANGED$/, allowBothTypes],
  [/^TYPE_NARROWED$/, restoreKeyword],
  [/^DEPENDENCY_(ARRAY|SCHEMA)_ADDED$/, dropDependency],
  [/^DEPENDENCY_ARRAY_(EXTENDED|CHANGED)$/, restoreDependency],
  [/^SUM_TYPE_NARROWED$|^COMBINED_TYPE_SUBSCHEMAS_CHANGED$/, restoreBranches],
  [/^PRODUCT_TYPE_EXTENDED$/, dropBranches],
]

function dropKeyword({ holder, keyword = '' }: Case): Fix[] {
  const edit = removeMember(holder, keyword)
  return edit ? [{ advice: `drop ${quoted(keyword)}`, edits: [edit] }] : []
}

function restoreKeyword({ holder, keyword = '', original, update }: Case): Fix[] {
  if (!original || !update || update === holder) return []
  const text = print(original)
  return [{ advice: `set ${quoted(keyword)} back to ${shorten(text)}`, edits: [replaceNode(update, text)] }]
}

function restoreValues({ original, update, ...found }: Case): Fix[] {
  if (original?.kind !== 'array' || update?.kind !== 'array') return restoreKeyword({ ...found, original, update })
  const known = new Set(update.items.map(print))
  const missing = original.items.map(print).filter((text) => !known.has(text))
  const advice = `keep ${shorten(missing.join(', '))} in the enum`
  return missing.length === 0 ? [] : [{ advice, edits: [addItem(update, missing.join(', '))] }]
}

function giveDefaultOrRelax(found: Case): Fix[] {
  const { holder, name } = found
  const property = memberOf(memberOf(holder, 'properties'), name)
  const fixes: Fix[] = []
  const example = property && exampleOf(property)
  if (property?.kind === 'object' && example !== undefined) {
    const advice = `give ${quoted(name)} a default, such as ${example}`
    fixes.push({ advice, edits: [addMember(property, 'default', example)] })
  }
  const required = memberOf(holder, 'required')
  if (required?.kind === 'array') {
    const at = required.items.findIndex((item) => item.kind === 'string' && item.value === name)
    const edit = removeItem(required, at)
    if (edit) fixes.push({ advice: `take ${quoted(name)} out of "required"`, edits: [edit] })
  }
  return [...fixes, ...unconstrain(found)]
}

function unconstrain({ holder, name }: Case): Fix[] {
  const property = memberOf(memberOf(holder, 'properties'), name)
  const advice = `declare ${quoted(name)} without constraints ({}), or first close the writer's schema`
  return property ? [{ advice, edits: [replaceNode(property, '{}')] }] : []
}

function restoreProperty({ holder, name, original }: Case): Fix[] {
  if (!original) return []
  const properties = memberOf(holder, 'properties')
  const advice = `keep ${quoted(name)} among the properties`
  if (properties?.kind === 'object') return [{ advice, edits: [addMember(properties, name, print(original))] }]
  const text = `{${quoted(name)}: ${print(original)}}`
  return properties ? [] : [{ advice, edits: [addMember(holder, 'properties', text)] }]
}

/** Declares a name or position with the schema that the writer has for what it does not declare. */
function asWrittenBefore({ name, former, update }: Case): Fix[] {
  if (!former || !update) return []
  const text = print(former)
  const advice = `declare ${quoted(name)} with what was allowed there undeclared: ${shorten(text)}`
  return [{ advice, edits: [replaceNode(update, text)] }]
}

function restoreItem({ holder, name, original }: Case): Fix[] {
  const list = memberOf(holder, 'prefixItems') ?? memberOf(holder, 'items')
  if (!original || list?.kind !== 'array' || list.items.length !== Number(name)) return []
  return [{ advice: `keep position ${name} of the list`, edits: [addItem(list, print(original))] }]
}

function unconstrainItem({ name, update }: Case): Fix[] {
  const advice = `leave position ${name} without constraints ({}), or first close the writer's list`
  return update ? [{ advice, edits: [replaceNode(update, '{}')] }] : []
}

function restoreCriterion({ holder, former, keyword = '' }: Case): Fix[] {
  const before = ['allOf', 'anyOf', 'oneOf'].find((criterion) => memberOf(former, criterion))
  const key = holder.members.get(keyword)?.key
  if (before === undefined || before === keyword || !key || holder.members.has(before)) return []
  return [{ advice: `keep ${quoted(before)} instead of ${quoted(keyword)}`, edits: [replaceNode(key, quoted(before))] }]
}

function allowBothTypes({ holder, former, path, original, update }: Case): Fix[] {
  const fixes: Fix[] = []
  const types = [...new Set([...typesOf(original), ...typesOf(update)])]
  if (types.length > 1 && update && update !== holder) {
    const text = `[${types.map(quoted).join(', ')}]`
    fixes.push({ advice: `allow both: "type": ${text}`, edits: [replaceNode(update, text)] })
  }
  if (former && path !== '#/') {
    const advice = `allow both: "anyOf" of the former schema and the new one`
    fixes.push({ advice, edits: [replaceNode(holder, `{"anyOf": [${print(former)}, ${print(holder)}]}`)] })
  }
  return fixes
}

function restoreDependency({ holder, former, name }: Case): Fix[] {
  return dependencyKeywords.flatMap((keyword) => {
    const before = memberOf(memberOf(former, keyword), name)
    const after = memberOf(memberOf(holder, keyword), name)
    if (!before || !after) return []
    const text = print(before)
    return [
      { advice: `set the dependency of ${quoted(name)} back to ${shorten(text)}`, edits: [replaceNode(after, text)] },
    ]
  })
}

const dependencyKeywords = ['dependencies', 'dependentRequired', 'dependentSchemas']

function dropDependency({ holder, name }: Case): Fix[] {
  return dependencyKeywords.flatMap((keyword) => {
    const dependencies = memberOf(holder, keyword)
    const edit = dependencies?.kind === 'object' ? removeMember(dependencies, name) : undefined
    return edit ? [{ advice: `drop ${quoted(name)} from ${quoted(keyword)}`, edits: [edit] }] : []
  })
}

function restoreBranches({ original, update, keyword = '' }: Case): Fix[] {
  if (original?.kind !== 'array' || update?.kind !== 'array') return []
  const known = new Set(update.items.map(print))
  const missing = original.items.map(print).filter((text) => !known.has(text))
  const advice = `keep the former ${missing.length === 1 ? 'branch' : 'branches'} of ${quoted(keyword)}: ${shorten(missing.join(', '))}`
  return missing.length === 0 ? [] : [{ advice, edits: [addItem(update, missing.join(', '))] }]
}

function dropBranches({ original, update, keyword = '' }: Case): Fix[] {
  if (original?.kind !== 'array' || update?.kind !== 'array') return []
  const known = new Set(original.items.map(print))
  const kept = update.items.map(print).filter((text) => known.has(text))
  const advice = `drop the branches added to ${quoted(keyword)}`
  return kept.length === 0 ? [] : [{ advice, edits: [replaceNode(update, `[${kept.join(', ')}]`)] }]
}

/** A value that a property of this schema may have. */
function exampleOf(property: JsonNode): string | undefined {
  const first = (keyword: string) => {
    const list = memberOf(property, keyword)
    return list?.kind === 'array' ? list.items[0] : undefined
  }
  const value = memberOf(property, 'const') ?? first('enum') ?? first('examples')
  if (value) return print(value)
  const [type] = typesOf(memberOf(property, 'type'))
  return type === undefined ? undefined : emptyValues[type]
}

const emptyValues: Readonly<Record<string, string | undefined>> = {
  string: '""',
  integer: '0',
  number: '0',
  boolean: 'false',
  array: '[]',
  object: '{}',
  null: 'null',
}

function typesOf(node: JsonNode | undefined): string[] {
  const items = node?.kind === 'array' ? node.items : node ? [node] : []
  return items.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
}

const memberOf = (node: JsonNode | undefined, key: string) =>
  node?.kind === 'object' ? node.members.get(key)?.value : undefined
const print = (node: JsonNode) => printJson(node, { sortKeys: false })
const quoted = (text: string) => JSON.stringify(text)
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
const lastStep = (path: string) => path.slice(path.lastIndexOf('/') + 1)
