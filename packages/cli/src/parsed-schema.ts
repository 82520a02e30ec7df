import type { RegisteredSchema, RegistryClient } from '@concordat/client/registry'
import {
  InvalidSchema,
  parseStored,
  type Format,
  type Reference,
  type SchemaSource,
  type SchemaType,
} from '@concordat/core'
import { CliError } from './cli-error.js'
import { exitCodes } from './exit-codes.js'
import { asking } from './registry.js'

/** A schema that the engine of its format has read, with the name that messages give it. */
export interface ParsedSchema {
  shown: string
  type: SchemaType
  format: Format<unknown>
  schema: unknown
}

/** The engine of one format; the others are not loaded. */
export async function engineOf(type: SchemaType): Promise<Format<unknown>> {
  const engines = {
    AVRO: async () => (await import('@concordat/core/avro')).avro as Format<unknown>,
    JSON: async () => (await import('@concordat/core/json-schema')).jsonSchema as Format<unknown>,
    PROTOBUF: async () => (await import('@concordat/core/protobuf')).protobuf as Format<unknown>,
  }
  return engines[type]()
}

/** @throws CliError (contract problem) that points into the text */
export async function parseSource(
  source: SchemaSource,
  shown: string,
  resolve: (reference: Reference) => SchemaSource | undefined,
): Promise<ParsedSchema> {
  const format = await engineOf(source.type)
  try {
    return { shown, type: source.type, format, schema: format.parse(source, resolve, parseStored) }
  } catch (error) {
    if (!(error instanceof InvalidSchema)) throw error
    const at = error.position ? `:${error.position.line}:${error.position.column}` : ''
    throw new CliError(exitCodes.contractProblem, `${shown}${at}: ${error.reason}`, error.hint)
  }
}

/** A registered version with everything that it refers to. @throws CliError if there is none */
export async function fetchSchema(
  registry: RegistryClient,
  subject: string,
  version: number | 'latest',
): Promise<ParsedSchema & { version: number }> {
  const fetched = new Map<string, RegisteredSchema>()
  const fetch = async (name: string, at: number | 'latest'): Promise<RegisteredSchema> => {
    const known = fetched.get(`${name} ${at}`)
    if (known) return known
    const found = await asking(registry.findVersion(name, at))
    if (!found)
      throw new CliError(exitCodes.contractProblem, `${name} has no version ${at}`, `registry: ${registry.url}`)
    fetched.set(`${name} ${at}`, found)
    for (const reference of found.references) await fetch(reference.subject, reference.version)
    return found
  }
  const found = await fetch(subject, version)
  const parsed = await parseSource(sourceOf(found), `${subject} version ${found.version}`, (reference) => {
    const target = fetched.get(`${reference.subject} ${reference.version}`)
    return target && sourceOf(target)
  })
  return { ...parsed, version: found.version }
}

const sourceOf = ({ schemaType, schema, references }: RegisteredSchema): SchemaSource => ({
  type: schemaType,
  text: schema,
  references,
})
