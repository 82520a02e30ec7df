/** What answers can be, best first. The qualities are the protocol's: they decide where the client does not care. */
export const answerTypes = [
  { type: 'application/vnd.schemaregistry.v1+json', quality: 1 },
  { type: 'application/vnd.schemaregistry+json', quality: 0.9 },
  { type: 'application/json', quality: 0.5 },
] as const

export type AnswerType = (typeof answerTypes)[number]['type']

/** What request bodies may say they are; all of it is read as JSON. */
const requestTypes = new Set<string>([...answerTypes.map(({ type }) => type), 'application/octet-stream'])

/** Whether a body of this content type is read; a body without one is. */
export function isReadable(contentType: string | undefined): boolean {
  return contentType === undefined || requestTypes.has(essence(contentType))
}

/** Whether the text is a media type at all: `type/subtype` and parameters. */
export const isMediaType = (contentType: string): boolean => /^[^\s/;,]+\/[^\s/;,]+\s*(;.*)?$/.test(contentType.trim())

/** The best answer type for an Accept header, or undefined if none fits (RFC 9110 section 12.5.1). */
export function negotiate(accept: string | undefined): AnswerType | undefined {
  if (accept === undefined || accept.trim() === '') return answerTypes[0].type
  const wanted = accept.split(',').map(readRange)
  let best: { type: AnswerType; weight: number; quality: number } | undefined
  for (const { type, quality } of answerTypes) {
    const range = wanted
      .filter((one) => matches(one.range, type))
      .sort((a, b) => precision(b.range) - precision(a.range))[0]
    if (!range || range.weight === 0) continue
    const better = !best || range.weight > best.weight || (range.weight === best.weight && quality > best.quality)
    if (better) best = { type, weight: range.weight, quality }
  }
  return best?.type
}

const essence = (mediaType: string) => (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()

function readRange(text: string): { range: string; weight: number } {
  const weight = /;\s*q\s*=\s*([0-9.]+)/i.exec(text)?.[1]
  return { range: essence(text), weight: weight === undefined ? 1 : Number(weight) }
}

const matches = (range: string, type: string) =>
  range === '*/*' || range === '*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)))

const precision = (range: string) => (range.startsWith('*') ? 0 : range.endsWith('/*') ? 1 : 2)
