import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Ajv, type ErrorObject } from 'ajv'
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { nearest } from '../nearest.js'
import { configSchema } from './config-schema.js'
import { complete, defaultConfigFile, type LoadedConfig, type RawConfig } from './complete-config.js'

/**
 * Reads and checks `concordat.yaml`.
 * @throws CliError (usage) with file, line and column of the first mistake
 */
export function loadConfig(
  cwd: string,
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): LoadedConfig {
  const path = resolve(cwd, file ?? defaultConfigFile)
  if (!existsSync(path)) {
    throw new CliError(exitCodes.usage, `there is no ${file ?? defaultConfigFile} here`, 'docs: guides/command-line.md')
  }
  const text = readFileSync(path, 'utf8')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file ?? defaultConfigFile}:${line}:${col}`
  }
  const [syntaxError] = document.errors
  if (syntaxError) throw new CliError(exitCodes.usage, `${place(syntaxError.pos[0])}: ${syntaxError.message}`)

  const raw: unknown = document.toJS({ maxAliasCount: 100 }) ?? {}
  const validate = new Ajv({ allowUnionTypes: true }).compile(configSchema)
  if (!validate(raw)) {
    const [error] = validate.errors ?? []
    throw new CliError(exitCodes.usage, `${place(offsetOf(document, error))}: ${describe(error)}`)
  }
  return { config: complete(raw as RawConfig, environment), root: dirname(path), text }
}

function describe(error: ErrorObject | undefined): string {
  if (error?.keyword === 'additionalProperties') {
    const key = (error.params as { additionalProperty: string }).additionalProperty
    const known = Object.keys(
      (error.parentSchema as { properties?: object } | undefined)?.properties ?? allowedAt(error),
    )
    const guess = nearest(key, known)
    return `unknown key "${key}"${guess ? `: did you mean "${guess}"?` : ` (allowed: ${known.join(', ')})`}`
  }
  const path = error?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  return `${path || 'the file'} ${error?.message ?? 'is not a configuration'}`
}

/** The keys that the configuration's schema allows at the error's place. */
function allowedAt(error: ErrorObject): Record<string, unknown> {
  const steps = error.schemaPath.replace(/^#\/?/, '').split('/').slice(0, -1)
  let node: unknown = configSchema
  for (const step of steps) node = (node as Record<string, unknown> | undefined)?.[step]
  return (node as { properties?: Record<string, unknown> } | undefined)?.properties ?? {}
}

/** Where in the file the error is: at the unknown key, or at the value that does not fit. */
function offsetOf(document: Document, error: ErrorObject | undefined): number {
  const steps = (error?.instancePath ?? '').split('/').slice(1)
  const keys = steps.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const node: unknown = keys.length > 0 ? document.getIn(keys, true) : document.contents
  if (error?.keyword === 'additionalProperties' && isMap(node)) {
    const unknown = (error.params as { additionalProperty: string }).additionalProperty
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === unknown)
    if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0
  }
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}
