import type { BindingInput, EventInput, Role, TopicInput, TypeMapping } from './binding-input.js'
import { mappings } from './binding-input.js'
import { AvroFrontEnd } from './front-ends/avro.js'
import { jsonSchemaTypes } from './front-ends/json-schema.js'
import { protobufTypes } from './front-ends/protobuf.js'
import { reachable } from './front-ends/references.js'
import type { Declaration, EventTypes, Shape } from './ir.js'
import { BindingError } from './ir.js'
import { visit } from './print/types.js'
import type { Data } from './print/code.js'
import { Names, typeName } from './names.js'

/** One topic with the types of all its events, names allotted. */
export interface TopicModel {
  topic: string
  roles: Role[]
  /** By a key that is unique in the topic. */
  declarations: Map<string, Declaration>
  names: Map<string, string>
  /** In the order of their names. */
  events: EventModel[]
}

export interface EventModel {
  /** Of the event and of its type. */
  name: string
  /** Key of its declaration. */
  root: string
  subject: string
  version: number
  definition: Data
}

interface Prepared {
  event: EventInput
  types: EventTypes
  extra: Record<string, Data>
}

/** @throws BindingError for a mapping that does not exist */
function mappingOf(given: TypeMapping = {}): Required<TypeMapping> {
  for (const [key, value] of Object.entries(given)) {
    const allowed = Object.hasOwn(mappings, key) ? mappings[key as keyof TypeMapping] : undefined
    if (!allowed) {
      const known = Object.keys(mappings).join(', ')
      throw new BindingError('types', key, `there is no such type to map; there are ${known}`)
    }
    if (value !== undefined && !(allowed as readonly unknown[]).includes(value)) {
      throw new BindingError('types', key, `cannot be ${JSON.stringify(value)}; it can be ${allowed.join(' or ')}`)
    }
  }
  const { decimal, date, uuid, long, 'timestamp-millis': time } = mappings
  return { decimal: decimal[0], date: date[0], uuid: uuid[0], long: long[0], 'timestamp-millis': time[0], ...given }
}

/** @throws InvalidSchema, BindingError */
export function topicModel(
  topic: string,
  inputs: readonly TopicInput[],
  input: BindingInput,
  reservedNames: readonly string[],
): TopicModel {
  const mapping = mappingOf(input.types)
  const events = distinctEvents(inputs.flatMap((one) => one.events))
  const avro = events.filter(({ type }) => type === 'AVRO').map((event) => new AvroFrontEnd(event, mapping))
  const tagged = new Set(avro.flatMap((frontEnd) => [...frontEnd.tagged]))
  let nextAvro = 0
  const prepared = events.map((event): Prepared => {
    switch (event.type) {
      case 'AVRO': {
        const types = avro[nextAvro++].types(tagged)
        const tags = [...types.declarations.keys()].filter((key) => tagged.has(key)).sort()
        return { event, types, extra: tags.length > 0 ? { tagged: tags } : {} }
      }
      case 'JSON':
        return { event, types: jsonSchemaTypes(event, mapping), extra: {} }
      case 'PROTOBUF': {
        const { message, index, table, ...types } = protobufTypes(event, mapping)
        return { event, types, extra: { message, index, table: JSON.stringify(table) } }
      }
    }
  })
  return assemble(topic, inputs, prepared, reservedNames)
}

function assemble(
  topic: string,
  inputs: readonly TopicInput[],
  prepared: Prepared[],
  reservedNames: readonly string[],
): TopicModel {
  const declarations = new Map<string, Declaration>()
  const roots = prepared.map(({ event, types }) => {
    const own = withRoot(types)
    const keys = new Map<string, string>()
    for (const key of own.declarations.keys()) keys.set(key, freeKey(key, own.declarations, declarations))
    for (const [key, declaration] of own.declarations) {
      const target = keys.get(key) ?? key
      if (!declarations.has(target)) declarations.set(target, renamed(declaration, keys))
    }
    return { event, root: keys.get(own.root) ?? own.root }
  })
  const names = new Names()
  for (const name of reservedNames) names.allot(name)
  const allotted = new Map<string, string>()
  for (const key of [...declarations.keys()].sort()) {
    allotted.set(key, names.allot(typeName(declarations.get(key)?.name ?? key), ['Input']))
  }
  const events = roots.map(({ event, root }, at): EventModel => ({
    name: allotted.get(root) ?? root,
    root,
    subject: event.subject,
    version: event.version,
    definition: definitionOf(event, prepared[at].extra),
  }))
  events.sort((a, b) => (a.name < b.name ? -1 : 1))
  const roles = [...new Set(inputs.map(({ role }) => role))].sort()
  return { topic, roles, declarations, names: allotted, events }
}

/** The event's own type gets a name even where its schema has none. */
function withRoot({ name, declarations, root }: EventTypes): { declarations: Map<string, Declaration>; root: string } {
  if (root.kind === 'ref') return { declarations, root: root.to }
  const key = `event ${name}`
  return { declarations: new Map([...declarations, [key, { name, shape: root }]]), root: key }
}

/** The key itself, unless another event's type has it that is not the same through and through. */
function freeKey(key: string, own: ReadonlyMap<string, Declaration>, taken: ReadonlyMap<string, Declaration>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? key : `${key} ${number}`
    if (!taken.has(candidate)) return candidate
    if (number === 1 && closure(key, own) === closure(key, taken)) return candidate
  }
}

/** A declaration with all that it can reach, as text to compare. */
function closure(key: string, declarations: ReadonlyMap<string, Declaration>): string {
  const seen = new Map<string, string>()
  const pending = [key]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const declaration = declarations.get(next)
    if (seen.has(next) || !declaration) continue
    seen.set(next, JSON.stringify(declaration))
    visit(declaration.shape, (shape) => shape.kind === 'ref' && pending.push(shape.to))
  }
  return JSON.stringify([...seen].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function renamed(declaration: Declaration, keys: ReadonlyMap<string, string>): Declaration {
  const copy = structuredClone(declaration)
  visit(copy.shape, (shape: Shape) => {
    if (shape.kind === 'ref') shape.to = keys.get(shape.to) ?? shape.to
  })
  return copy
}

/** A service that both produces and consumes an event has it once. Sorted, so that the order of the input is nothing. */
function distinctEvents(events: readonly EventInput[]): EventInput[] {
  const byKey = new Map(
    events.map((event) => [JSON.stringify([event.subject, event.version, event.message ?? '']), event]),
  )
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key) ?? [])
}

/** What the runtime has to know, as `EventDefinition` of `@concordat/client`. */
function definitionOf(event: EventInput, extra: Record<string, Data>): Data {
  const direct = new Set(event.references.map(({ name }) => name))
  const references = reachable(event.references).map(({ name, subject, version, text }): Data => ({
    name,
    subject,
    version,
    ...(!direct.has(name) && { direct: false }),
    schema: text,
  }))
  return {
    format: event.type,
    subject: event.subject,
    version: event.version,
    guid: event.guid,
    id: event.id,
    ...extra,
    schema: event.text,
    ...(references.length > 0 && { references }),
  }
}
