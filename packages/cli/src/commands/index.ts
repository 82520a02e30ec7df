import type { Command } from '../command.js'

/** Loaded when asked for: one command must not wait for what another one needs. */
export const commands: readonly { name: string; load(): Promise<Command> }[] = [
  { name: 'check', load: async () => (await import('./check.js')).check },
  { name: 'push', load: async () => (await import('./push.js')).push },
  { name: 'pull', load: async () => (await import('./pull.js')).pull },
  { name: 'generate', load: async () => (await import('./generate.js')).generate },
  { name: 'diff', load: async () => (await import('./diff.js')).diff },
]
