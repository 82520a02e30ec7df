import { RegistryError, type RegistryClient, type SchemaPayload } from '@concordat/client/registry'
import type { Break, Verdict } from '@concordat/core'
import type { Finding } from './findings/finding.js'
import { asking } from './registry.js'

export interface SchemaToCheck {
  subject: string
  /** As messages name it. */
  file: string
  payload: SchemaPayload
}

/** What `POST /api/v1/check` answers for one schema; `openapi.yaml` describes it. */
interface CheckAnswer {
  compatible: boolean
  level: string
  findings: { version: number; direction: 'backward' | 'forward'; verdict: Verdict; exact?: Verdict }[]
  invalid?: { message: string; line?: number; column?: number; path?: string }
}

/** Asks Concordat for verdicts with positions and proofs, and any other registry for what the protocol tells. */
export async function askRegistry(
  registry: RegistryClient,
  schemas: readonly SchemaToCheck[],
): Promise<{ checked: string[]; findings: Finding[] }> {
  const checked: string[] = []
  const findings: Finding[] = []
  const answers = await ownAnswers(registry, schemas)
  for (const [index, schema] of schemas.entries()) {
    const found = answers ? findingsOf(schema, answers[index]) : await protocolFindings(registry, schema)
    findings.push(...found)
    if (!found.some(({ severity }) => severity === 'error')) {
      checked.push(`${schema.subject}: the registry would take ${schema.file}`)
    }
  }
  return { checked, findings }
}

async function ownAnswers(
  registry: RegistryClient,
  schemas: readonly SchemaToCheck[],
): Promise<CheckAnswer[] | undefined> {
  const checks = schemas.map(({ subject, payload }) => ({ subject, ...payload }))
  const answer = registry.send<{ results: CheckAnswer[] }>('POST', '/api/v1/check', { checks })
  try {
    return (await answer).results
  } catch (error) {
    if (error instanceof RegistryError && (error.status === 404 || error.status === 405)) return undefined
    return asking(Promise.reject(error as Error))
  }
}

function findingsOf({ subject, file }: SchemaToCheck, answer: CheckAnswer): Finding[] {
  if (answer.invalid) {
    const { message, line, column, path } = answer.invalid
    return [{ severity: 'error', rule: 'INVALID_SCHEMA', subject, file, line, column, path, message }]
  }
  return answer.findings.flatMap(({ version, direction, verdict, exact }): Finding[] => {
    const base = { subject, file }
    const question = `${direction === 'backward' ? 'reading what version' : 'being read by version'} ${version}`
    if (verdict.outcome === 'undecided') {
      return [{ ...base, severity: 'error', rule: 'UNDECIDED', message: `${question}: ${verdict.reason}` }]
    }
    if (verdict.outcome === 'incompatible') {
      const harmless = exact?.outcome === 'compatible' ? ' (no message breaks: the enforced policy is stricter)' : ''
      return verdict.breaks.map((broken, index) => ({
        ...base,
        ...breakOf(broken, direction),
        severity: 'error',
        message: `${question}: ${broken.message}${harmless}`,
        ...(index === 0 && verdict.witness && { witness: verdict.witness }),
      }))
    }
    if (exact?.outcome === 'incompatible') {
      const [first] = exact.breaks
      const message = `${question}: the enforced policy allows it, yet a reader breaks${first ? `: ${first.message}` : ''}`
      return [
        { ...base, severity: 'warning', rule: 'HIDDEN_BREAK', path: first?.path, message, witness: exact.witness },
      ]
    }
    return []
  })
}

const breakOf = ({ rule, path, fix, at }: Break, direction: 'backward' | 'forward') => {
  const position = direction === 'backward' ? at?.reader : at?.writer
  return { rule, path, fix, line: position?.line, column: position?.column }
}

async function protocolFindings(registry: RegistryClient, schema: SchemaToCheck): Promise<Finding[]> {
  const { subject, file, payload } = schema
  const { compatible, messages } = await asking(registry.check(subject, payload, { verbose: true }))
  if (compatible) return []
  const rule = /errorType:\s*['"](\w+)/.exec(messages.join(' '))?.[1] ?? 'INCOMPATIBLE'
  return [{ severity: 'error', rule, subject, file, message: messages.join('; ') || 'the registry gave no reason' }]
}
