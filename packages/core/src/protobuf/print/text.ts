/** Every line two blanks further in, empty lines too. */
export function indent(text: string): string {
  const lines = text.split('\n')
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `  ${line}\n`).join('')
}

/** The inside of a string literal. */
export function escapeString(text: string): string {
  let escaped = ''
  for (const character of text) escaped += escapes.get(character) ?? character
  return escaped
}

const escapes = new Map([
  ['\0', '\\000'],
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
])
