/** A value that does not fit the event's schema. The message holds no text of the value. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue'
  event = ''
  /** Path of the value inside of the event, such as `lines[2].quantity`; empty for the event itself. */
  path = ''

  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options)
  }

  /** Called while the error passes through the value, from the inside to the outside. */
  at(step: string | number): this {
    const step_ = typeof step === 'number' ? `[${step}]` : step
    this.path = step_ + (this.path === '' || this.path.startsWith('[') ? '' : '.') + this.path
    this.message = `${this.path}: ${this.reason}`
    return this
  }

  /** Called once by the topic. */
  of(event: string): this {
    this.event = event
    this.message = this.path ? `${event}, ${this.message}` : `${event}: ${this.message}`
    return this
  }
}

/** What a value is, for messages: its type and, where it is short and no text of a person, itself. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'bigint':
      return `${value}n`
    case 'string':
      return `a string of ${value.length} characters`
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return `an array of ${value.length}`
      return `an object (${value.constructor?.name ?? 'without prototype'})`
    default:
      return `a ${typeof value}`
  }
}

export const expected = (what: string, value: unknown) => new InvalidValue(`expected ${what}, got ${shown(value)}`)
