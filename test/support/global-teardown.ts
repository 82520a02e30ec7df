import { commonCodes, operations, statusOf } from './api-contract.js'
import { answerKey, endCoverage } from './api-coverage.js'

interface JestConfig {
  testPathPatterns?: { patterns: string[] }
  testNamePattern?: string
  onlyChanged?: boolean
  findRelatedTests?: boolean
}

/**
 * The last test of a full run: every answer that openapi.yaml documents was seen by some test. A run of a part of the
 * tests cannot tell, and says so.
 */
export default function tearDown(config: JestConfig): void {
  const seen = endCoverage()
  const partial =
    (config.testPathPatterns?.patterns.length ?? 0) > 0 ||
    Boolean(config.testNamePattern) ||
    config.onlyChanged === true ||
    config.findRelatedTests === true
  const unseen = documentedAnswers().filter((answer) => !seen.has(answer))
  if (partial) return
  if (unseen.length > 0) {
    throw new Error(`openapi.yaml documents answers that no test has seen:\n  ${unseen.join('\n  ')}`)
  }
}

/** Operation and status of every success, operation, status and code of every refusal. */
export function documentedAnswers(): string[] {
  const answers = commonCodes.map((code) => answerKey('*', statusOf(code), code))
  for (const { operationId, responses, 'x-error-codes': codes = [] } of operations.values()) {
    for (const status of Object.keys(responses)) {
      if (Number(status) < 400 || operationId === 'getReadiness') answers.push(answerKey(operationId, Number(status)))
    }
    for (const code of codes) answers.push(answerKey(operationId, statusOf(code), code))
  }
  return answers.filter((answer) => !answer.endsWith('NaN'))
}
