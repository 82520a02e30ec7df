import type { Terminal } from '../terminal.js'
import type { Finding } from './finding.js'

/** A finding for a reader who is stuck: where, what, the message that breaks, what to do. */
export function printFinding(terminal: Terminal, finding: Finding): void {
  const { file, line, column, severity, rule, message, path, fix, witness } = finding
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const colour = severity === 'error' ? 'red' : 'yellow'
  terminal.print(`${terminal.style(colour, severity)}  ${[finding.subject, place].filter(Boolean).join(', ')}`)
  terminal.print(`  ${message}`)
  terminal.print(`  rule ${rule}${path ? ` at ${path}` : ''}`)
  if (witness) {
    terminal.print(`  for example ${shorten(JSON.stringify(witness.value))}`)
    terminal.print(`    ${witness.failure}`)
  }
  if (fix) terminal.print(`  fix: ${fix}`)
}

/** Longer examples are cut: the whole one is in `--json`. */
const shorten = (text: string, longest = 400) => (text.length > longest ? `${text.slice(0, longest)} …` : text)
