#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { help, InvalidConfiguration, loadCommand, type Command, type Settings } from './config/index.js'
import { createLogger, type Logger } from './logging/logger.js'
import type { Server } from './server.js'

/** The command `concordat-server`. Exit codes: 0 ended on request, 1 the start failed, 2 wrong options. */
async function main(): Promise<void> {
  const command = readCommand()
  switch (command?.kind) {
    case undefined:
      process.exitCode = 2
      return
    case 'help':
      process.stdout.write(help())
      return
    case 'version':
      process.stdout.write(`${version()}\n`)
      return
    case 'serve':
      await serve(command.settings)
  }
}

function readCommand(): Command | undefined {
  try {
    return loadCommand({ args: process.argv.slice(2), env: process.env })
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error
    process.stderr.write(`concordat-server: ${error.message}\n`)
    return undefined
  }
}

async function serve(settings: Settings): Promise<void> {
  const log = createLogger(settings.logLevel)
  // Loaded late: help and wrong options answer at once, without the framework.
  const { startServer, StartFailed } = await import('./server.js')
  let server: Server
  try {
    server = await startServer(settings, log)
  } catch (error) {
    log.fatal({ err: error }, 'the start failed')
    const reason = error instanceof StartFailed ? error.message : `the start failed: ${String(error)}`
    process.stderr.write(`concordat-server: ${reason}\n`)
    process.exit(1) // a half-started server may hold things open
  }
  // Before the line: whoever reads it may ask for the end at once.
  endOnSignals(server, log)
  process.stdout.write(`Concordat is ready at ${server.address}\n`)
}

function endOnSignals(server: Server, log: Logger): void {
  let asked = false
  const end = (signal: NodeJS.Signals) => {
    if (asked) process.exit(1) // asked twice: whoever asks does not want to wait
    asked = true
    log.info({ signal }, 'ending')
    server.close().then(
      () => {
        log.info('ended')
        process.exit(0)
      },
      (error: unknown) => {
        log.fatal({ err: error }, 'the end failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // Nobody knows what state is left after these: end, and let whatever supervises the process start it again.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event)
      process.exit(1)
    })
  }
}

/** From the nearest package.json: one folder up from the sources, two from what is built. */
function version(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error
    }
  }
  return 'unknown'
}

void main()
