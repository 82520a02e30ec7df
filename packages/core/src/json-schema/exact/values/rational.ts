import { Undecided } from '../undecided.js'

/** Numbers of JSON are decimals: doubles would lose bounds beyond 2^53 and call 0.3 no multiple of 0.1. */
export class Rational {
  static readonly zero = new Rational(0n, 1n)
  static readonly one = new Rational(1n, 1n)

  private constructor(
    readonly numerator: bigint,
    /** Positive, without a common divisor with the numerator. */
    readonly denominator: bigint,
  ) {}

  static of(numerator: bigint, denominator = 1n): Rational {
    if (denominator === 1n) return new Rational(numerator, 1n)
    const sign = denominator < 0n ? -1n : 1n
    const divisor = gcd(numerator, denominator) * sign
    return new Rational(numerator / divisor, denominator / divisor)
  }

  /**
   * @param lexeme a number as JSON writes it
   * @throws Undecided for exponents that would need megabytes of digits
   */
  static parse(lexeme: string): Rational {
    const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(lexeme)
    if (!match) throw new Error(`not a number of JSON: ${lexeme}`)
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
    const power = Number(exponent) - fraction.length
    if (Math.abs(power) > maxPower || whole.length + fraction.length > maxPower) {
      throw new Undecided(`a number of more than ${maxPower} digits: ${lexeme.slice(0, 40)}`)
    }
    const digits = BigInt(sign + whole + fraction)
    return power >= 0 ? new Rational(digits * 10n ** BigInt(power), 1n) : Rational.of(digits, 10n ** BigInt(-power))
  }

  plus(other: Rational): Rational {
    return Rational.of(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    )
  }

  minus(other: Rational): Rational {
    return this.plus(new Rational(-other.numerator, other.denominator))
  }

  times(other: Rational): Rational {
    return Rational.of(this.numerator * other.numerator, this.denominator * other.denominator)
  }

  over(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator, this.denominator * other.numerator)
  }

  abs(): Rational {
    return this.numerator < 0n ? new Rational(-this.numerator, this.denominator) : this
  }

  /** Negative, zero or positive as this is less than, equal to or greater than the other. */
  compare(other: Rational): number {
    const difference = this.numerator * other.denominator - other.numerator * this.denominator
    return difference < 0n ? -1 : difference > 0n ? 1 : 0
  }

  equals(other: Rational): boolean {
    return this.numerator === other.numerator && this.denominator === other.denominator
  }

  isInteger(): boolean {
    return this.denominator === 1n
  }

  isMultipleOf(divisor: Rational): boolean {
    return (this.numerator * divisor.denominator) % (this.denominator * divisor.numerator) === 0n
  }

  floor(): bigint {
    const quotient = this.numerator / this.denominator
    return this.numerator < 0n && quotient * this.denominator !== this.numerator ? quotient - 1n : quotient
  }

  ceil(): bigint {
    return -new Rational(-this.numerator, this.denominator).floor()
  }

  /** Exact decimal notation, as JSON writes numbers. Only for values that came from decimals by + - * and lcm. */
  toString(): string {
    if (this.denominator === 1n) return shortInteger(this.numerator)
    let scale = 0
    let power = 1n
    while (power % this.denominator !== 0n) {
      power *= 10n
      if (++scale > 2 * maxPower) throw new Error(`${this.numerator}/${this.denominator} is not a decimal`)
    }
    const negative = this.numerator < 0n
    const digits = ((negative ? -this.numerator : this.numerator) * (power / this.denominator)).toString()
    const padded = digits.padStart(scale + 1, '0')
    return `${negative ? '-' : ''}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  }

  /** A key that is equal for equal numbers only. */
  get key(): string {
    return this.denominator === 1n ? this.numerator.toString() : `${this.numerator}/${this.denominator}`
  }

  toNumber(): number {
    return Number(this.toString())
  }
}

const maxPower = 2000

/** Long runs of zeros are written as an exponent. */
function shortInteger(integer: bigint): string {
  const text = integer.toString()
  const zeros = /0{22,}$/.exec(text)?.[0].length
  return zeros ? `${text.slice(0, -zeros)}e${zeros}` : text
}

export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** The least positive number that is a multiple of both. */
export function leastCommonMultiple(a: Rational, b: Rational): Rational {
  const numerator = (a.numerator * b.numerator) / gcd(a.numerator, b.numerator)
  return Rational.of(numerator < 0n ? -numerator : numerator, gcd(a.denominator, b.denominator))
}
