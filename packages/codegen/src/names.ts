import { reserved } from './print/code.js'

/** `shop.order-placed` -> `ShopOrderPlaced`. Only ASCII letters and digits are left; may be empty or begin with a digit. */
function words(text: string): string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** Longer names are cut; what makes them unique is added behind. */
const maxLength = 80

/** A type's name out of any text. */
export function typeName(text: string): string {
  const name = words(text).map(capital).join('').slice(0, maxLength)
  return startsWell(name) ? name : `Type${name}`
}

/** A value's name out of any text. */
export function valueName(text: string): string {
  const [first = '', ...rest] = words(text)
  const name = (first.charAt(0).toLowerCase() + first.slice(1) + rest.map(capital).join('')).slice(0, maxLength)
  return startsWell(name) ? name : `topic${capital(name)}`
}

const startsWell = (name: string) => /^[A-Za-z]/.test(name)

/** Names that a module had better not export: `await import()` of a module with a callable `then` calls it. */
const unexportable: ReadonlySet<string> = new Set(['then', 'default', 'constructor', 'toString', 'valueOf'])

/** Gives out names of one scope, each once. Whoever asks in a sorted order gets the same names every time. */
export class Names {
  private readonly taken = new Set<string>()

  /** @param suffixes the name has to be free with each of them, too */
  allot(wanted: string, suffixes: readonly string[] = []): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}${number}`
      const all = [name, ...suffixes.map((suffix) => name + suffix)]
      if (all.some((one) => this.taken.has(one) || reserved.has(one) || unexportable.has(one))) continue
      for (const one of all) this.taken.add(one)
      return name
    }
  }
}
