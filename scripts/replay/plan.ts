import type { Histories, History } from './histories.js'
import { namesOf } from './names.js'

/** Subjects in an order in which those that others need come first; ties and cycles in alphabetical order. */
export function inDependencyOrder({ subjects }: Histories): History[] {
  const definers = new Map<string, History[]>()
  const needs = new Map<History, Set<string>>()
  for (const history of subjects) {
    const needed = new Set<string>()
    for (const { text } of history.versions) {
      const names = namesOf(history.type, text)
      for (const name of names.defines) definers.set(name, [...(definers.get(name) ?? []), history])
      for (const name of names.needs) needed.add(name)
    }
    needs.set(history, needed)
  }
  const ordered: History[] = []
  const seen = new Set<History>()
  const visit = (history: History) => {
    if (seen.has(history)) return
    seen.add(history)
    for (const name of needs.get(history) ?? []) for (const definer of definers.get(name) ?? []) visit(definer)
    ordered.push(history)
  }
  for (const history of subjects) visit(history)
  return ordered
}
