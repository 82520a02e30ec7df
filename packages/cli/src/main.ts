#!/usr/bin/env node
import { createTerminal } from './terminal.js'
import { run } from './run.js'

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  terminal: createTerminal(process.stdout, process.stderr),
})
