/**
 * A number of JSON as unscaled integer and scale: `digits * 10^-scale`. The scale is kept as written (`1.0` is 10 and 1),
 * because the stored text of a schema keeps it too.
 */
export interface Decimal {
  digits: bigint
  scale: number
}

/** @param lexeme a number as JSON's grammar has it */
export function parseDecimal(lexeme: string): Decimal {
  const [mantissa = '', exponent = '0'] = lexeme.split(/[eE]/)
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length - Number(exponent) }
}

/**
 * The text that Confluent's server stores for a number: plain where the point stands near the digits, with exponent
 * elsewhere (the rule of Java's `BigDecimal.toString`).
 */
export function printDecimal({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const coefficient = (digits < 0n ? -digits : digits).toString()
  if (scale === 0) return sign + coefficient
  const adjusted = coefficient.length - 1 - scale
  if (scale > 0 && adjusted >= -6) {
    const padded = coefficient.padStart(scale + 1, '0')
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  }
  const point = coefficient.length > 1 ? `${coefficient[0]}.${coefficient.slice(1)}` : coefficient
  return `${sign}${point}${adjusted === 0 ? '' : `E${adjusted > 0 ? '+' : ''}${adjusted}`}`
}

/** Lexemes whose value is the same print the same, however they were written. */
export function normalizedDecimal(lexeme: string): string {
  let { digits, scale } = parseDecimal(lexeme)
  if (digits === 0n) return '0'
  while (digits % 10n === 0n) {
    digits /= 10n
    scale--
  }
  return printDecimal({ digits, scale })
}
