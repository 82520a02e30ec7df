import avsc from 'avsc'
import { InvalidSchema } from '../schema/invalid-schema.js'
import { positionAt } from '../text/json-document.js'
import { nameOf } from './names.js'
import { primitiveKinds } from './schema.js'

/** Gives the text of a file. @throws if there is none. */
export type ReadText = (path: string) => string

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Node = Record<string, Json>

interface Protocol {
  namespace?: string
  types?: Node[]
}

/**
 * The schema that an Avro IDL file (`.avdl`) declares, as JSON text: one type of its protocol, with the types that it
 * uses defined where they are used first. Imports (`idl`, `protocol`, `schema`) are read by `read`, by paths relative to
 * the importing file. avsc reads the language; it knows protocols and not the `schema` files of Avro 1.12.
 *
 * @param name of the type; needed if several types of the protocol are used by no other one.
 * @throws InvalidSchema
 */
export function schemaFromIdl(path: string, read: ReadText, name?: string): string {
  const protocol = readProtocol(path, read)
  const types = new Map((protocol.types ?? []).map((type) => [fullName(type, protocol.namespace), type]))
  const main = name === undefined ? onlyRoot(types, protocol.namespace) : nameOf(name, protocol.namespace).full
  if (!types.has(main)) {
    const hint = `it has ${[...types.keys()].join(', ') || 'none'}`
    throw new InvalidSchema({ reason: `${path} has no type ${main}`, hint })
  }
  return JSON.stringify(inlined(main, types, protocol.namespace))
}

/** What avsc makes of the names that IDL has for logical types; its own table is of an older specification. */
const typeNames = {
  date: { type: 'int', logicalType: 'date' },
  time_ms: { type: 'int', logicalType: 'time-millis' },
  timestamp_ms: { type: 'long', logicalType: 'timestamp-millis' },
  local_timestamp_ms: { type: 'long', logicalType: 'local-timestamp-millis' },
  uuid: { type: 'string', logicalType: 'uuid' },
}

function readProtocol(path: string, read: ReadText): Protocol {
  let result: { error?: Error & { path?: string }; protocol?: Protocol } = {}
  const seen = new Set<string>()
  const importHook = (file: string, kind: string, done: (error?: Error, text?: string) => void) => {
    if (seen.has(file)) return done()
    seen.add(file)
    let text: string
    try {
      text = read(file)
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)))
    }
    done(undefined, kind === 'idl' ? plainIdl(text) : text)
  }
  // The declarations of avsc know neither the other option nor that an import may be no object.
  const options: object = { importHook, typeRefs: typeNames }
  avsc.assembleProtocol(path, options, (error: Error | undefined, protocol: unknown) => {
    result = error ? { error } : { protocol: protocol as Protocol }
  })
  if (result.protocol) return result.protocol
  const { message = 'reading it did not end', path: file = path } = result.error ?? {}
  const offset = /"pos":(\d+)/.exec(message)?.[1]
  const position = offset === undefined ? undefined : positionAt(read(file), Number(offset))
  const reason = `${file} is no Avro IDL that can be read: ${message.replace(/ \{"pos".*?\}/, '')}`
  throw new InvalidSchema({ reason, position, hint: 'a protocol with records, enums and fixed is expected' })
}

/** Replaces two short forms that avsc does not know by the long ones, on the same lines. Strings and comments stay. */
function plainIdl(text: string): string {
  const pieces =
    /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bdecimal\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)|\b([A-Za-z_][\w.]*)\?/g
  return text.replace(pieces, (whole: string, precision?: string, scale = '0', optional?: string) => {
    if (precision !== undefined) return `@logicalType("decimal") @precision(${precision}) @scale(${scale}) bytes`
    return optional === undefined ? whole : `union { null, ${optional} }`
  })
}

const fullName = (type: Node, namespace: string | undefined): string =>
  nameOf(textOf(type.name), typeof type.namespace === 'string' ? type.namespace : namespace).full

const textOf = (json: Json | undefined): string => (typeof json === 'string' ? json : '')

/** The one record that no other type uses. */
function onlyRoot(types: ReadonlyMap<string, Node>, namespace: string | undefined): string {
  const used = new Set([...types].flatMap(([own, type]) => usedBy(type, namespace).filter((other) => other !== own)))
  const roots = [...types].flatMap(([full, type]) => (type.type === 'record' && !used.has(full) ? [full] : []))
  const [root, ...others] = roots
  if (root !== undefined && others.length === 0) return root
  throw new InvalidSchema({
    reason: 'the IDL does not say which type is the schema',
    hint: `name one of ${(roots.length > 0 ? roots : [...types.keys()]).join(', ')}`,
  })
}

function usedBy(schema: Json | undefined, namespace: string | undefined): string[] {
  if (typeof schema === 'string') return [nameOf(schema, namespace).full]
  if (Array.isArray(schema)) return schema.flatMap((branch) => usedBy(branch, namespace))
  if (schema === null || typeof schema !== 'object') return []
  const inner = typeof schema.namespace === 'string' ? schema.namespace : namespace
  const fields = Array.isArray(schema.fields) ? schema.fields.map((field) => (field as Node).type) : []
  return [schema.items, schema.values, ...fields, ...(isBuiltIn(schema.type) ? [] : [schema.type])].flatMap((part) =>
    usedBy(part, inner),
  )
}

const builtIn: readonly string[] = [...primitiveKinds, 'record', 'error', 'enum', 'fixed', 'array', 'map']
const isBuiltIn = (type: Json | undefined): boolean => typeof type === 'string' && builtIn.includes(type)

/** A type with every type that it uses defined at its first use, all by full names. */
function inlined(main: string, types: ReadonlyMap<string, Node>, namespace: string | undefined): Json {
  const defined = new Set<string>()
  const define = (full: string): Json => {
    const type = types.get(full)
    if (!type || defined.has(full)) return full
    defined.add(full)
    const own = nameOf(full, undefined).namespace
    return inner({ ...type, name: full, namespace: own ?? '' }, own)
  }
  const inner = (node: Node, space: string | undefined): Node => ({
    ...node,
    ...(node.items !== undefined && { items: schema(node.items, space) }),
    ...(node.values !== undefined && { values: schema(node.values, space) }),
    ...(Array.isArray(node.fields) && {
      fields: node.fields.map((field) => ({ ...(field as Node), type: schema((field as Node).type ?? null, space) })),
    }),
  })
  const schema = (json: Json, space: string | undefined): Json => {
    if (typeof json === 'string') return isBuiltIn(json) ? json : define(nameOf(json, space ?? namespace).full)
    if (Array.isArray(json)) return json.map((branch) => schema(branch, space))
    if (json === null || typeof json !== 'object') return json
    // An annotation in front of the name of a type: it cannot change a type that is defined elsewhere.
    return isBuiltIn(json.type) ? inner(json, space) : schema(json.type ?? null, space)
  }
  return define(main)
}
