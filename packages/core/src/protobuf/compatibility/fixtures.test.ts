import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from './check.js'
import type { FileSet } from './file-set.js'
import { compileFolder } from './folder.js'
import { rules } from './rules/index.js'
import type { Category } from './rules/rule.js'

/**
 * `testdata/RULE/case/{older,newer}` are our own texts, `expected.json` is what buf 1.75.0 finds between them:
 * `RULE file start-end` by category.
 */
const folder = join(__dirname, 'testdata')

describe('each rule finds in its fixtures what buf finds', () => {
  for (const { id } of rules) {
    for (const name of readdirSync(join(folder, id))) {
      it(`${id}: ${name.replaceAll('-', ' ')}`, () => {
        const [older, newer] = ['older', 'newer'].map((side) => read(join(folder, id, name, side)))
        if (!older || !newer) throw new Error('a side is missing')
        const expected = JSON.parse(readFileSync(join(folder, id, name, 'expected.json'), 'utf8')) as Record<
          Category,
          string[]
        >
        for (const [category, lines] of Object.entries(expected) as [Category, string[]][]) {
          expect([category, ...check(older, newer, category).map(show).sort()]).toEqual([
            category,
            ...lines.map(lineOnly).sort(),
          ])
        }
      })
    }
  }

  it('every rule has fixtures, and every fixture a rule', () => {
    expect(readdirSync(folder).sort()).toEqual(rules.map(({ id }) => id).sort())
  })
})

const lineOnly = (line: string): string => line.replace(/^(FIELD_SAME_DEFAULT \S+ \d+):.*/, '$1')

function read(path: string): FileSet {
  const names = readdirSync(path)
  return compileFolder(new Map(names.map((name) => [name, readFileSync(join(path, name), 'utf8')])))
}

function show({ rule, newer }: ReturnType<typeof check>[number]): string {
  const { file, start, end } = newer ?? { file: '-', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } }
  // The compiler gives the place of the default alone, buf's that of the whole option; both start in one line.
  if (rule === 'FIELD_SAME_DEFAULT') return `${rule} ${file} ${start.line}`
  return `${rule} ${file} ${start.line}:${start.column}-${end.line}:${end.column}`
}
