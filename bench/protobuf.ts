import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { spawnSync } from 'node:child_process'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import protobufjs from 'protobufjs'
import { parseFile } from '@concordat/core/protobuf'
import { reportCases } from './protobuf-cases.js'

// Parse and link of each file beside protobufjs' parse and resolveAll of the same texts, in milliseconds of CPU, medians of
// alternating rounds. With --cases, the findings on a folder of cases; with --files, also the verdict of `buf build`.

const { values, positionals } = parseArgs({
  options: {
    files: { type: 'string', multiple: true },
    cases: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string' },
  },
  allowPositionals: true,
})
const shared = join(import.meta.dirname, '../../shared/data')

interface Input {
  path: string
  /** Folders that imports are looked up in. */
  roots: string[]
  text: string
}

function inputs(paths: readonly string[]): Input[] {
  return paths.flatMap((path) => {
    if (!existsSync(path)) throw new Error(`${path} does not exist: give --files .proto files or folders`)
    const root = statSync(path).isDirectory() ? path : dirname(path)
    return protoFiles(path).map((file) => ({
      path: file,
      roots: importRoots(dirname(file), root),
      text: readFileSync(file, 'utf8'),
    }))
  })
}

/** Imports are looked up in the folders around the file, the nearest first, and in `_imports` beside them. */
function importRoots(folder: string, root: string): string[] {
  const roots = [folder]
  while (folder !== root && dirname(folder) !== folder) roots.push((folder = dirname(folder)))
  return roots.flatMap((path) => [path, join(path, '_imports')])
}

function protoFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return path.endsWith('.proto') ? [path] : []
  return readdirSync(path)
    .sort()
    .flatMap((name) => protoFiles(join(path, name)))
}

const read = (roots: readonly string[], path: string): string | undefined => {
  const root = roots.find((folder) => existsSync(join(folder, path)))
  return root === undefined ? undefined : readFileSync(join(root, path), 'utf8')
}

/** The imports of a file with their texts, transitively, so that no run measures the file system. */
function gather({ roots, text }: Input): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (source: string) => {
    for (const [, path] of source.matchAll(/^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"/gm)) {
      if (path === undefined || found.has(path)) continue
      const imported = read(roots, path)
      if (imported === undefined) continue
      found.set(path, imported)
      visit(imported)
    }
  }
  visit(text)
  return found
}

function cpu(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN

function withProtobufjs(text: string, imports: ReadonlyMap<string, string>): void {
  const root = new protobufjs.Root()
  for (const source of [...imports.values(), text]) protobufjs.parse(source, root, { keepCase: true })
  for (const path of builtInImports(text, imports)) {
    const common = protobufjs.common.get(path)
    if (common) root.addJSON(common.nested ?? {})
  }
  root.resolveAll()
}

function builtInImports(text: string, imports: ReadonlyMap<string, string>): Set<string> {
  const paths = new Set<string>()
  for (const source of [text, ...imports.values()]) {
    for (const [, path] of source.matchAll(/import\s+(?:public\s+)?"([^"]+)"/g)) if (path) paths.add(path)
  }
  return paths
}

/** Whether buf takes the file with its imports, in a folder that holds nothing else; undefined without buf. */
function buildWithBuf(name: string, text: string, imports: ReadonlyMap<string, string>): boolean | undefined {
  const buf = join(import.meta.dirname, '../node_modules/.bin/buf')
  if (!existsSync(buf)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'concordat-buf-'))
  try {
    for (const [path, source] of [...imports, [name, text] as const]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), source)
    }
    return spawnSync(buf, ['build', folder, '-o', '/dev/null']).status === 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function attempt(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function measure(paths: readonly string[], rounds: number, askBuf: boolean): void {
  const rows = inputs(paths).map((input) => {
    const imports = gather(input)
    const name = basename(input.path)
    const ours = () => void parseFile(name, input.text, (path) => imports.get(path))
    const problem = attempt(ours)
    const theirProblem = attempt(() => withProtobufjs(input.text, imports))
    return { input, imports, ours, problem, theirProblem, own: [] as number[], anchor: [] as number[] }
  })
  const both = rows.filter((row) => row.problem === undefined && row.theirProblem === undefined)
  for (let round = 0; round < rounds; round++) {
    for (const row of both) {
      row.own.push(cpu(row.ours))
      row.anchor.push(cpu(() => withProtobufjs(row.input.text, row.imports)))
    }
  }
  const sum = (times: number[]) => times.reduce((total, time) => total + time, 0)
  const own = sum(both.map((row) => median(row.own)))
  const anchor = sum(both.map((row) => median(row.anchor)))
  console.log(`${rows.length} files, ${both.length} that both take, ${rounds} rounds`)
  console.log(`parse and link   ${own.toFixed(1)} ms`)
  console.log(`protobufjs       ${anchor.toFixed(1)} ms (parse and resolveAll)`)
  console.log(`ratio            ${(own / anchor).toFixed(2)}`)
  let agree = 0
  let asked = 0
  const lines = rows.map((row) => {
    const buf = askBuf ? buildWithBuf(basename(row.input.path), row.input.text, row.imports) : undefined
    if (buf !== undefined) {
      asked++
      if (buf === (row.problem === undefined)) agree++
      else console.log(`differs from buf: ${row.input.path} (${row.problem ?? 'valid here'})`)
    }
    return {
      file: row.input.path,
      valid: row.problem === undefined,
      problem: row.problem,
      buf,
      ms: median(row.own),
      protobufjs: median(row.anchor),
    }
  })
  if (asked > 0) console.log(`buf build        ${agree} of ${asked} files alike`)
  if (values.out) writeFileSync(values.out, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

const rounds = Number(values.rounds)
if (values.cases) {
  for (const folder of [...values.cases, ...positionals]) reportCases(resolve(folder), values.out)
} else if (values.files) {
  measure(
    [...values.files, ...positionals].map((path) => resolve(path)),
    rounds,
    true,
  )
} else {
  const folders = ['histories/protobuf', 'protobuf-breaking']
    .map((name) => join(shared, name))
    .filter((path) => existsSync(path))
  if (folders.length === 0) console.log('no ../shared/data here: give --files')
  else measure(folders, rounds, false)
  const cases = join(shared, 'protobuf-breaking')
  if (existsSync(cases)) reportCases(cases)
}
