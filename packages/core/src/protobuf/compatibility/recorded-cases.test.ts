import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from './check.js'
import type { FileSet } from './file-set.js'
import { compileFolder } from './folder.js'
import type { Category } from './rules/rule.js'

const folder = join(__dirname, '../../../../../../shared/data/protobuf-breaking')
const present = existsSync(folder)
if (!present)
  process.stdout.write("skipped: buf's findings and its matrix of types, because ../shared/data is absent\n")
const ifPresent = present ? it : it.skip

interface Case {
  case: string
  before: string
  after: string
  byCategory: Record<Category, { rule: string; path: string | null; startLine: number }[]>
}

interface Matrix {
  types: string[]
  WIRE: Allowed
  WIRE_JSON: Allowed
  FILE: Allowed
  card_WIRE: Allowed
  card_WIRE_JSON: Allowed
}

/** From a type to those that it may become. */
type Allowed = Partial<Record<string, string[]>>

describe('recorded cases', () => {
  ifPresent('every category finds the same rules in the same files and lines as buf', () => {
    const { cases } = readJson<{ cases: Case[] }>('index.json')
    expect(cases.length).toBeGreaterThan(20)
    for (const recorded of cases) {
      const [older, newer] = [readFolder(recorded.before), readFolder(recorded.after)]
      for (const category of Object.keys(recorded.byCategory) as Category[]) {
        const found = check(older, newer, category).map(
          (finding) => `${finding.rule} ${finding.newer?.file ?? '-'}:${finding.newer?.start.line ?? 1}`,
        )
        const wanted = recorded.byCategory[category].map(
          ({ rule, path, startLine }) => `${rule} ${path ?? '-'}:${startLine}`,
        )
        expect([recorded.case, category, ...found.sort()]).toEqual([recorded.case, category, ...wanted.sort()])
      }
    }
  })
})

describe('the matrix of types and cardinalities', () => {
  const declared = 'enum OpenE { ZERO = 0; }\nmessage M { int32 x = 1; }\n'
  const field = (declaration: string): FileSet =>
    compileFolder(new Map([['a.proto', `syntax = "proto3";\n${declared}message Holder { ${declaration}; }\n`]]))

  const cardinalities: Record<string, string> = {
    implicit: 'int32 f = 1',
    optional: 'optional int32 f = 1',
    repeated: 'repeated int32 f = 1',
    map: 'map<int32, int32> f = 1',
    oneof: 'oneof o { int32 f = 1; }',
    implicit_s: 'string f = 1',
    optional_s: 'optional string f = 1',
    repeated_s: 'repeated string f = 1',
    map_s: 'map<string, string> f = 1',
  }

  const unchanged = (older: FileSet, newer: FileSet, category: Category): boolean =>
    check(older, newer, category).length === 0

  for (const category of ['WIRE', 'WIRE_JSON', 'FILE'] as const) {
    ifPresent(`${category} allows the changes of type that buf allows, and no others`, () => {
      const matrix = readJson<Matrix>('type-matrix.json')
      for (const from of matrix.types) {
        const older = field(`${from} f = 1`)
        const allowed = matrix.types.filter((to) => to !== from && unchanged(older, field(`${to} f = 1`), category))
        expect([from, ...allowed.sort()]).toEqual([from, ...(matrix[category][from] ?? []).toSorted()])
      }
    })
  }

  for (const category of ['WIRE', 'WIRE_JSON'] as const) {
    ifPresent(`${category} allows the changes of cardinality that buf allows, and no others`, () => {
      const recorded = readJson<Matrix>('type-matrix.json')[`card_${category}`]
      for (const [from, declaration] of Object.entries(cardinalities)) {
        const older = field(declaration)
        const allowed = Object.keys(cardinalities).filter(
          (to) => to !== from && unchanged(older, field(cardinalities[to] ?? ''), category),
        )
        expect([from, ...allowed.sort()]).toEqual([from, ...(recorded[from] ?? []).toSorted()])
      }
    })
  }
})

const readJson = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T

function readFolder(side: string): FileSet {
  const path = join(folder, side)
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.proto'))
  return compileFolder(new Map(files.map((name) => [name, readFileSync(join(path, name), 'utf8')])))
}
