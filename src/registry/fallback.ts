import type { ReadTransaction, SubjectKey } from '../storage/storage.port.js'
import { defaultContext, isDefaultContext } from './subject-name.js'

/** Searches for an unqualified subject in the default context first, then in every other one by name. */
export async function everywhere<T>(
  tx: ReadTransaction,
  subject: SubjectKey,
  find: (subject: SubjectKey) => Promise<T | undefined>,
): Promise<T | undefined> {
  const found = await find(subject)
  if (found !== undefined || !isDefaultContext(subject) || subject.name === '') return found
  for (const context of await tx.contexts()) {
    if (context === defaultContext) continue
    const elsewhere = { context, name: subject.name }
    if ((await tx.versions(elsewhere)).length === 0) continue
    const there = await find(elsewhere)
    if (there !== undefined) return there
  }
  return undefined
}
