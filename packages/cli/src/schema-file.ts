import { existsSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { RegistryClient, SchemaPayload, SchemaReference } from '@concordat/client/registry'
import { InvalidSchema, type SchemaType } from '@concordat/core'
import { CliError } from './cli-error.js'
import { schemaTypeOf, type ReferenceConfig } from './config/config.js'
import { exitCodes } from './exit-codes.js'
import { asking } from './registry.js'

/** A schema text of this repository. */
export interface SchemaFile {
  type: SchemaType
  text: string
  /** As messages name it, relative to the working folder. */
  shown: string
}

/**
 * An Avro IDL file (`.avdl`) is read as the schema that it declares, its imports beside it.
 *
 * @throws CliError (usage) if there is no such file, or its ending stands for no format and none is given
 */
export async function readSchemaFile(root: string, path: string, cwd: string, type?: string): Promise<SchemaFile> {
  const full = resolve(root, path)
  const shown = relative(cwd, full) || path
  if (!existsSync(full)) throw new CliError(exitCodes.usage, `there is no file ${shown}`)
  const known = type?.toUpperCase() ?? schemaTypeOf(path)
  if (known !== 'AVRO' && known !== 'JSON' && known !== 'PROTOBUF') {
    throw new CliError(
      exitCodes.usage,
      `the format of ${shown} is not known`,
      'use .avsc, .avdl, .json or .proto, or say --type',
    )
  }
  return { type: known, text: full.endsWith('.avdl') ? await idlText(full, shown) : readText(full), shown }
}

const readText = (path: string) => readFileSync(path, 'utf8')

async function idlText(full: string, shown: string): Promise<string> {
  const { schemaFromIdl } = await import('@concordat/core/avro')
  try {
    return schemaFromIdl(full, readText)
  } catch (error) {
    if (!(error instanceof InvalidSchema)) throw error
    const at = error.position ? `:${error.position.line}:${error.position.column}` : ''
    throw new CliError(exitCodes.contractProblem, `${shown}${at}: ${error.reason}`, error.hint)
  }
}

export const payloadOf = (file: SchemaFile, references: SchemaReference[]): SchemaPayload => ({
  schema: file.text,
  schemaType: file.type,
  ...(references.length > 0 && { references }),
})

/** How a referenced file becomes a version: `push` registers it, `check` only asks where it already is. */
export type ReferencePlacer = (subject: string, payload: SchemaPayload, file: SchemaFile) => Promise<number>

/**
 * Finds the version behind each configured reference: the one that is named, the newest registered one, or, for a
 * reference with a file, the one that `place` gives for the file's text.
 */
export async function resolveReferences(
  references: readonly ReferenceConfig[],
  world: { root: string; cwd: string; registry: RegistryClient; place: ReferencePlacer },
): Promise<SchemaReference[]> {
  const resolved: SchemaReference[] = []
  for (const { name, subject, version = 'latest', schema, references: inner = [] } of references) {
    if (schema !== undefined) {
      const file = await readSchemaFile(world.root, schema, world.cwd)
      const payload = payloadOf(file, await resolveReferences(inner, world))
      resolved.push({ name, subject, version: await world.place(subject, payload, file) })
    } else if (typeof version === 'number') {
      resolved.push({ name, subject, version })
    } else {
      const found = await asking(world.registry.findVersion(subject, 'latest'))
      if (!found) {
        throw new CliError(exitCodes.contractProblem, `the reference ${name} needs ${subject}, which has no version`)
      }
      resolved.push({ name, subject, version: found.version })
    }
  }
  return resolved
}
