import type { Outcome } from './outcome.js'

/** What became of a subject's versions, in lines for an 80-column terminal. */
export function describeSubject(subject: string, outcomes: Outcome[]): string[] {
  const registered = outcomes.filter(({ outcome }) => outcome === 'registered')
  const lines = [`${subject}: ${registered.length} of ${outcomes.length} registered`]
  for (const outcome of outcomes) {
    if (outcome.outcome === 'registered') continue
    const place = outcome.position ? ` (line ${outcome.position.line}, column ${outcome.position.column})` : ''
    const what = [outcome.rule, outcome.path].filter(Boolean).join(' at ')
    lines.push(`  ${outcome.version} ${outcome.outcome}${what ? `: ${what}` : ''}${place}`)
    if (outcome.reason) lines.push(...wrap(outcome.reason, 74).map((line) => `      ${line}`))
  }
  return lines
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line && line.length + word.length + 1 > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return line ? [...lines, line] : lines
}
