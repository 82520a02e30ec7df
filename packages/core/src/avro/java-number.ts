/**
 * A double as Java writes it (`Double.toString` since Java 19): at least one digit behind the point, an exponent
 * outside of 10^-3 to 10^7, quoted where JSON has no number for it. The stored text of a schema contains such numbers.
 */
export const javaDouble = (value: number): string => layout(value, 17, (candidate) => candidate === value)

/** The same for a number of single precision, which needs fewer digits to be told apart. */
export function javaFloat(value: number): string {
  const single = Math.fround(value)
  return layout(single, 9, (candidate) => Math.fround(candidate) === single)
}

function layout(value: number, maximumDigits: number, same: (candidate: number) => boolean): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value))
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (value === 0) return `${sign}0.0`
  const { digits, exponent } = shortest(Math.abs(value), maximumDigits, (candidate) =>
    same(sign ? -candidate : candidate),
  )
  if (exponent < -3 || exponent >= 7) return `${sign}${pointAt(digits, 1)}E${exponent}`
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  return sign + pointAt(digits, exponent + 1)
}

/** The fewest digits that read back as the value; Java looks at two digits before it is content with one. */
function shortest(value: number, maximumDigits: number, same: (candidate: number) => boolean) {
  let count = 2
  while (count < maximumDigits && !same(Number(value.toPrecision(count)))) count++
  const [mantissa = '', exponent = ''] = value.toExponential(count - 1).split('e')
  return { digits: mantissa.replace('.', '').replace(/0+$/, ''), exponent: Number(exponent) }
}

const pointAt = (digits: string, place: number): string =>
  `${digits.slice(0, place).padEnd(place, '0')}.${digits.slice(place) || '0'}`
