import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deviations } from './transcripts.deviations.js'
import { readTranscripts } from './transcripts.js'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/reference/confluent-compatibility.md'), 'utf8')
/** The last column of the tables about routes and behaviour: what shows a point. */
const shownBy = page
  .split('## Where Concordat differs')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| route') && !line.startsWith('| point'))
  .flatMap((line) => [...(line.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''))
  .filter((name) => name.includes('/'))

const recorded = ['scripted', 'random', 'rules'].flatMap((file) => readTranscripts(file) ?? [])

describe('the page about the Confluent protocol', () => {
  it('names only test files that exist', () => {
    const files = shownBy?.filter((name) => name.endsWith('.ts')) ?? []
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it('names only recorded sequences that exist', () => {
    if (recorded.length === 0) {
      console.log('skipped: ../shared/data/confluent/transcripts is not at hand')
      return
    }
    const patterns = shownBy?.filter((name) => !name.endsWith('.ts')) ?? []
    const matches = (pattern: string, id: string) =>
      pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern
    expect(patterns.filter((pattern) => !recorded.some(({ id }) => matches(pattern, id)))).toEqual([])
  })
})

describe('the list of deliberate differences', () => {
  it('names only steps that were recorded, each with a reason', () => {
    for (const [id, { steps, reason }] of Object.entries(deviations)) {
      expect(reason).not.toBe('')
      const sequence = recorded.find((one) => one.id === id)
      if (sequence) expect(Math.max(...steps)).toBeLessThan(sequence.steps.length)
    }
  })
})
