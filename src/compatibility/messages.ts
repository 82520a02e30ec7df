import type { Break, SchemaType, Witness } from '@concordat/core'
import { differentTypes, type Direction, type Finding } from '@concordat/core/compatibility'
import type { EffectiveConfig } from '../settings/scopes.js'
import type { CheckResult } from './compatibility.service.js'

/** Longer old schemas are cut in messages. */
const longestShown = 10 * 1024

/**
 * What a check found in the outer shape of the protocol, which tools read by pattern: one entry per break, ours with
 * the witness, then the old version and the settings.
 */
export function messagesOf(result: CheckResult, type: SchemaType, config: EffectiveConfig): string[] {
  if (result.compatible) return []
  const failing = result.findings.filter(({ version }) => version === result.failedVersion)
  return [
    ...(result.nameProblems ?? []),
    ...failing.flatMap((finding) => breakMessages(finding, type)),
    ...failing.flatMap(witnessMessage),
    ...oldSchemaMessages(result, failing),
    `{validateFields: '${config.validateFields ?? false}', compatibility: '${config.compatibilityLevel}'}`,
  ]
}

function breakMessages({ verdict, direction }: Finding, type: SchemaType): string[] {
  if (verdict.outcome === 'undecided')
    return [`Whether the schemas are compatible could not be decided: ${verdict.reason}`]
  return verdict.outcome === 'incompatible' ? verdict.breaks.map((one) => breakMessage(one, direction, type)) : []
}

function breakMessage(found: Break, direction: Direction, type: SchemaType): string {
  if (found.rule === differentTypes)
    return `The schemas are of different types, so neither reads the other: ${found.message}`
  const description = describe(found, direction)
  // The protocol has no type for it: its server answers with the sentence of an exception.
  if (found.rule === 'AMBIGUOUS_ALIAS') return description
  switch (type) {
    case 'AVRO':
      return `{errorType:'${found.rule}', description:'${description}', additionalInfo:'${found.fix ?? ''}'}`
    case 'JSON':
      return `{errorType:"${found.rule}", description:"${description}'}`
    case 'PROTOBUF':
      return `{errorType:"${found.rule}", description:"${description}"}`
  }
}

/** The place stands in single quotes behind the word `path`, where tools look for it. */
function describe({ message, path }: Break, direction: Direction): string {
  const [reader, writer] = direction === 'backward' ? ['new', 'old'] : ['old', 'new']
  return `${message} (path '${path}'; reader: ${reader} schema, writer: ${writer} schema)`
}

/** The proof of a refusal, or that there is none: then the policy is stricter than readers are. */
function witnessMessage({ verdict, exact, direction }: Finding): string[] {
  if (verdict.outcome !== 'incompatible') return []
  const { witness } = verdict
  if (witness) return [`{witness: '${JSON.stringify(shown(witness, direction))}'}`]
  if (exact?.outcome !== 'compatible') return []
  return [`{witness: 'none: no message breaks (${direction}), only the policy refuses the change'}`]
}

const shown = ({ value, bytes, failure, confirmedBy }: Witness, direction: Direction) => ({
  direction,
  value,
  ...(bytes && { bytes: Buffer.from(bytes).toString('base64') }),
  failure,
  confirmedBy,
})

function oldSchemaMessages({ failed, failedVersion }: CheckResult, failing: readonly Finding[]): string[] {
  const breaks = failing.filter(({ verdict }) => verdict.outcome !== 'compatible')
  const typesDiffer = breaks.some(
    ({ verdict }) => verdict.outcome === 'incompatible' && verdict.breaks[0]?.rule === differentTypes,
  )
  const backwardAsked = failing.some(({ direction }) => direction === 'backward')
  const backwardFails = breaks.some(({ direction }) => direction === 'backward')
  if (!failed || failedVersion === undefined || typesDiffer || (backwardAsked && !backwardFails)) return []
  const { text } = failed
  const schema =
    text.length > longestShown
      ? `{oldSchema: <truncated> '${text.slice(0, longestShown)}...'}`
      : `{oldSchema: '${text}'}`
  return [`{oldSchemaVersion: ${failedVersion}}`, schema]
}
