import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { differenceTypes } from './confluent/differences.js'
import { exactRules } from './exact/rules.js'
import { rules } from './rules/index.js'
import type { Category } from './rules/rule.js'

const page = readFileSync(join(__dirname, '../../../../../docs/reference/protobuf-rules.md'), 'utf8')
const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))

const letters: Record<Category, string> = { FILE: 'F', PACKAGE: 'P', WIRE_JSON: 'J', WIRE: 'W', CSR: 'C' }

describe('docs/reference/protobuf-rules.md', () => {
  it('lists every rule with its categories and its purpose', () => {
    for (const { id, categories, purpose } of rules) {
      expect(rows).toContainEqual(['', id, categories.map((category) => letters[category]).join(' '), purpose, ''])
    }
  })

  it('lists every difference of STRICT and whether it is compatible', () => {
    for (const [type, { compatible, purpose }] of Object.entries(differenceTypes)) {
      expect(rows).toContainEqual(['', type, compatible ? 'yes' : '**no**', purpose, ''])
    }
  })

  it('explains every rule of EXACT', () => {
    const explained = rows.map(([, first]) => first?.replaceAll('`', ''))
    for (const rule of Object.keys(exactRules)) expect(explained).toContain(rule)
  })
})
