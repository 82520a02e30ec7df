/** `foo_bar` -> `fooBar`: each `_` is dropped, an ASCII letter behind it becomes a capital. */
export function defaultJsonName(name: string): string {
  if (!name.includes('_')) return name
  return name.replace(/_+([^_]?)/g, (_, letter: string) => capital(letter))
}

/** The entry type of a map field: `foo_bar` -> `FooBarEntry`. */
export function mapEntryName(field: string): string {
  return `${camelCase(field)}Entry`
}

/** `foo_bar` -> `FooBar`; what is a capital already stays one. */
export function camelCase(name: string): string {
  return name.replace(/(^_*|_+)([^_]?)/g, (_, _separator: string, letter: string) => capital(letter))
}

const capital = (letter: string) => (letter >= 'a' && letter <= 'z' ? letter.toUpperCase() : letter)
