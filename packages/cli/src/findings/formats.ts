import type { Finding } from './finding.js'
import { findingRules } from './finding.js'
import { version } from '../version.js'

/** What `concordat check` looked at, beside the findings. */
export interface CheckSummary {
  /** One line for each thing that was checked, such as `orders-value: compatible with versions 1 to 3`. */
  checked: string[]
  findings: Finding[]
}

export type Format = 'text' | 'json' | 'github' | 'junit' | 'sarif'

/** Renders a check in the named format; text for people is made by the command itself. */
export const formats: Record<Exclude<Format, 'text'>, (summary: CheckSummary) => string> = {
  json: ({ checked, findings }) =>
    JSON.stringify({ ok: !findings.some(({ severity }) => severity === 'error'), checked, findings }, null, 2),
  github: ({ findings }) => findings.map(githubCommand).join('\n'),
  junit,
  sarif,
}

/** A workflow command, which GitHub shows at the line of the pull request. */
function githubCommand(finding: Finding): string {
  const properties = [
    ['file', finding.file],
    ['line', finding.line],
    ['col', finding.column],
    ['title', finding.rule],
  ].filter(([, value]) => value !== undefined)
  const escape = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
  const escapeProperty = (text: string) => escape(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')
  return `::${finding.severity} ${list}::${escape(sentence(finding))}`
}

const sentence = ({ message, fix, witness }: Finding) =>
  [message, witness && `breaks: ${JSON.stringify(witness.value)}: ${witness.failure}`, fix && `fix: ${fix}`]
    .filter(Boolean)
    .join('\n')

const escapeXml = (text: string) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')

function junit({ checked, findings }: CheckSummary): string {
  const cases = [
    ...checked.map((name) => `    <testcase classname="concordat" name="${escapeXml(name)}"/>`),
    ...findings.map((finding) => {
      const name = escapeXml([finding.subject, finding.rule, finding.path].filter(Boolean).join(' '))
      const text = escapeXml(sentence(finding))
      const body =
        finding.severity === 'error'
          ? `<failure type="${escapeXml(finding.rule)}" message="${escapeXml(finding.message)}">${text}</failure>`
          : `<system-out>${text}</system-out>`
      return `    <testcase classname="concordat" name="${name}">${body}</testcase>`
    }),
  ]
  const failures = findings.filter(({ severity }) => severity === 'error').length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="concordat check" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')
}

/** SARIF 2.1.0 (OASIS), as code-scanning services read it. */
function sarif({ findings }: CheckSummary): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort().map((id) => ({
    id,
    shortDescription: { text: Object.hasOwn(findingRules, id) ? findingRules[id as keyof typeof findingRules] : id },
  }))
  const results = findings.map((finding) => ({
    ruleId: finding.rule,
    level: finding.severity,
    message: { text: sentence(finding) },
    ...(finding.file && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: finding.file },
            ...(finding.line && { region: { startLine: finding.line, startColumn: finding.column ?? 1 } }),
          },
        },
      ],
    }),
  }))
  return JSON.stringify(
    {
      version: '2.1.0',
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      runs: [{ tool: { driver: { name: 'concordat', version, rules } }, results }],
    },
    null,
    2,
  )
}
