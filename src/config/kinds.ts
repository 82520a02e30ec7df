/** What a setting's value may be, and how its text (flag, variable, file) becomes a typed value. */
export interface Kind<T> {
  /** As shown in the help: `--port PORT`. */
  readonly placeholder: string
  /** For the documentation: the legal values in words. */
  readonly legal: string
  /** True for a flag that may stand without a value. */
  readonly bare?: boolean
  /** Reads a flag's, variable's or file's text; throws an `Error` whose message completes "NAME: …". */
  read(text: string): T
  /** The inverse of `read`, for help and documentation. */
  show(value: T): string
}

export const text = (placeholder: string, legal: string): Kind<string> => ({
  placeholder,
  legal,
  read(input) {
    if (input.trim() === '') throw new Error(`is empty; give ${legal}`)
    return input
  },
  show: (value) => value,
})

export const integer = (placeholder: string, min: number, max: number): Kind<number> => ({
  placeholder,
  legal: `a whole number from ${min} to ${max}`,
  read(input) {
    const value = /^[0-9]{1,15}$/.test(input.trim()) ? Number(input) : NaN
    if (!(value >= min && value <= max)) {
      throw new Error(`is "${input}", which is not a whole number from ${min} to ${max}`)
    }
    return value
  },
  show: String,
})

export const toggle: Kind<boolean> = {
  placeholder: 'true|false',
  legal: '`true` or `false`',
  bare: true,
  read(input) {
    const value = input.trim().toLowerCase()
    if (value !== 'true' && value !== 'false') throw new Error(`is "${input}"; it has to be true or false`)
    return value === 'true'
  },
  show: String,
}

/** One of a few words; case does not count when it is read. */
export const choice = <const T extends string>(placeholder: string, values: readonly T[]): Kind<T> => ({
  placeholder,
  legal: `one of ${values.map((value) => `\`${value}\``).join(', ')}`,
  read(input) {
    const value = values.find((candidate) => candidate.toLowerCase() === input.trim().toLowerCase())
    if (value === undefined) throw new Error(`is "${input}"; it has to be one of ${values.join(', ')}`)
    return value
  },
  show: (value) => value,
})
