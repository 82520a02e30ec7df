import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Where a command's words go: answers to standard output, everything else to standard error. */
export interface Terminal {
  /** A line of the answer. */
  print(line?: string): void
  /** A line about the work, for people only. */
  note(line: string): void
  /** One line that is overwritten by the next; nothing where standard error is not a terminal. */
  progress(line: string): void
  /** Coloured on a terminal, plain elsewhere and under NO_COLOR. */
  style(style: Style, text: string): string
}

/** @param options.quiet errors only: neither answers nor notes about the work */
export function createTerminal(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  { quiet = false }: { quiet?: boolean } = {},
): Terminal {
  let progressShown = false
  const clear = () => {
    if (progressShown) stderr.write('\r\u001b[K')
    progressShown = false
  }
  return {
    print(line = '') {
      clear()
      if (!quiet) stdout.write(`${line}\n`)
    },
    note(line) {
      clear()
      stderr.write(`${line}\n`)
    },
    progress(line) {
      if (!stderr.isTTY || quiet) return
      clear()
      stderr.write(line.slice(0, (stderr.columns ?? 80) - 1))
      progressShown = true
    },
    style: (style, text) => styleText(style, text, { stream: stdout }),
  }
}
