/** An answer that is sent as it is, not as JSON text. */
export class RawAnswer {
  readonly bytes: Buffer
  constructor(text: string | Buffer) {
    this.bytes = typeof text === 'string' ? Buffer.from(text) : text
  }
}

/** The bytes of an answer's body; nothing for undefined. */
export function bodyOf(value: unknown): Buffer | undefined {
  if (value === undefined) return undefined
  return value instanceof RawAnswer ? value.bytes : Buffer.from(JSON.stringify(value))
}

/** Leaves out what the protocol leaves out of answers: absent, null, empty text, empty lists and empty maps. */
export function present<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value))) as Partial<T>
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}
