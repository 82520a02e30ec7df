import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Category, check, compileFolder, type FileSet } from '../packages/core/src/protobuf/compatibility/index.js'

/** What buf reported in a case: `../shared/data/protobuf-breaking/index.json`. */
interface Recorded {
  rule: string
  path: string | null
  startLine: number
}

interface Case {
  case: string
  before: string
  after: string
  byCategory: Partial<Record<Category, Recorded[]>>
}

export interface CaseResult {
  case: string
  category: Category
  agrees: boolean
  /** Findings of buf that we lack, and ours that buf lacks, as `RULE file:line`. */
  missing: string[]
  extra: string[]
  /** Ours, in full. */
  findings: { rule: string; path: string | null; line: number; message: string }[]
}

/** Compares every category of every case with what buf found, as multisets of rule, file and start line. */
export function runCases(folder: string): CaseResult[] {
  const { cases } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { cases: Case[] }
  return cases.flatMap((recorded) => {
    const [older, newer] = [recorded.before, recorded.after].map((side) => readFolder(join(folder, side)))
    if (!older || !newer) throw new Error(`${recorded.case} lacks a side`)
    return (Object.entries(recorded.byCategory) as [Category, Recorded[]][]).map(([category, expected]) =>
      compareCase(recorded.case, category, expected, older, newer),
    )
  })
}

function compareCase(
  name: string,
  category: Category,
  expected: Recorded[],
  older: FileSet,
  newer: FileSet,
): CaseResult {
  const findings = check(older, newer, category).map(({ rule, message, newer: place }) => ({
    rule,
    path: place?.file ?? null,
    line: place?.start.line ?? 1,
    message,
  }))
  const wanted = expected.map(({ rule, path, startLine }) => `${rule} ${path ?? '-'}:${startLine}`)
  const got = findings.map(({ rule, path, line }) => `${rule} ${path ?? '-'}:${line}`)
  const [missing, extra] = [without(wanted, got), without(got, wanted)]
  return { case: name, category, agrees: missing.length + extra.length === 0, missing, extra, findings }
}

/** The folder's .proto files, compiled together. */
export function readFolder(folder: string): FileSet {
  const paths = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  const files = paths
    .filter((path) => path.endsWith('.proto'))
    .map((path): [string, string] => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')])
  return compileFolder(new Map(files))
}

function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other]
  return list.filter((item) => {
    const index = left.indexOf(item)
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
}

/** Prints the agreement; `out` gets a JSON line per case and category with our findings. */
export function reportCases(folder: string, out?: string): void {
  const results = runCases(folder)
  if (out) writeFileSync(out, results.map((result) => `${JSON.stringify(result)}\n`).join(''))
  const categories = [...new Set(results.map(({ category }) => category))]
  console.log(`cases of ${relative(process.cwd(), folder)}: same rule, file and line as recorded`)
  for (const category of categories) {
    const own = results.filter((result) => result.category === category)
    console.log(`  ${category.padEnd(10)} ${own.filter(({ agrees }) => agrees).length} of ${own.length}`)
  }
  for (const { case: name, category, missing, extra } of results.filter(({ agrees }) => !agrees)) {
    console.log(
      `  ${name} ${category}: missing ${missing.join(', ') || 'nothing'}; extra ${extra.join(', ') || 'nothing'}`,
    )
  }
}
