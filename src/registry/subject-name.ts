import type { SubjectKey } from '../storage/storage.port.js'

/** The context that subjects without a prefix are in. */
export const defaultContext = '.'
/** Not a context of subjects, but the scope of settings that hold for all contexts. */
export const globalContext = '.__GLOBAL'
/** As a prefix in queries: every context. */
export const anyContext = '*'

/**
 * Reads a subject as the protocol writes it: `name`, `:.context:name`, `:.context:` or `:.context` (the context's empty
 * subject); `:*:` stands for every context.
 */
export function parseSubject(text: string): SubjectKey {
  const qualified = /^:(\.[^:]*|\*)(?::(.*))?$/s.exec(text)
  if (!qualified) return { context: defaultContext, name: text }
  return { context: qualified[1] ?? defaultContext, name: qualified[2] ?? '' }
}

/** The subject with its context, which is left out if it is the default one. */
export function formatSubject({ context, name }: SubjectKey): string {
  return context === defaultContext ? name : `:${context}:${name}`
}

export const isDefaultContext = ({ context }: SubjectKey): boolean => context === defaultContext

/** Reads the subject of a reference, which means the referring context unless it names one. */
export function parseReferred(text: string, context: string): SubjectKey {
  const subject = parseSubject(text)
  // `:.:x` is `x`, hence without a context of its own, hence in the referring one.
  return isDefaultContext(subject) ? { context, name: subject.name } : subject
}

/** Whether a subject of this name may be registered; `settings`: whether it may have settings. */
export function isValidSubject({ context, name }: SubjectKey, purpose: 'schemas' | 'settings'): boolean {
  if (/[\u0000-\u001f\u007f-\u009f]/.test(name + context)) return false
  if (name === '__GLOBAL' || name === '__EMPTY') return false
  if (purpose === 'settings') return true
  return context !== globalContext && context !== anyContext && !(context === defaultContext && name === '')
}

/** By UTF-16 code unit, the order in which the protocol lists subjects. */
export const bySubject = (a: SubjectKey, b: SubjectKey): number => {
  const [left, right] = [formatSubject(a), formatSubject(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
