import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/**
 * The last test of a full run: every answer that openapi.yaml documents was seen by some test. A run of a part of the
 * tests cannot tell. (Plain JavaScript, because Jest does not resolve TypeScript's file names here.)
 */
export default function tearDown(config) {
  const folder = process.env.CONCORDAT_API_COVERAGE
  const seen = new Set(readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n')))
  rmSync(folder, { recursive: true })
  const document = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8'))
  const unseen = documentedAnswers(document).filter((answer) => !seen.has(answer))
  if (process.env.CONCORDAT_API_UNSEEN) console.log(`not seen:\n  ${unseen.join('\n  ')}`)
  else if (unseen.length > 0 && isFullRun(config)) {
    throw new Error(`openapi.yaml documents answers that no test has seen:\n  ${unseen.join('\n  ')}`)
  }
}

const isFullRun = ({ testPathPatterns, testNamePattern, onlyChanged, findRelatedTests, shard }) =>
  (testPathPatterns?.patterns.length ?? 0) === 0 && !testNamePattern && !onlyChanged && !findRelatedTests && !shard

/** `operation status` for each success, `operation status code` for each refusal; `*` is any operation. */
function documentedAnswers(document) {
  const statusOf = (code) => (code < 1000 ? code : Math.floor(code / 100))
  const refusals = (operation, codes) => codes.map((code) => `${operation} ${statusOf(code)} ${code}`)
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  return [
    ...refusals('*', document['x-error-codes']),
    ...operations.flatMap(({ operationId, responses, 'x-error-codes': codes = [] }) => [
      ...Object.entries(responses)
        .filter(([status, { $ref }]) => status !== 'default' && $ref !== '#/components/responses/Error')
        .map(([status]) => `${operationId} ${status}`),
      ...refusals(operationId, codes),
    ]),
  ]
}
