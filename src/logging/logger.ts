import pino, { type Logger } from 'pino'
import type { Settings } from '../config/index.js'

export type { Logger } from 'pino'

/**
 * The log of a server: one JSON line per event, on standard error, with the time as ISO text. What goes into it is
 * named field by field; headers, bodies and query strings never do, because they may hold secrets.
 */
export function createLogger(level: Settings['logLevel'], destination?: pino.DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err },
    },
    // Written at once: the last lines before the end of the process are the ones that matter most.
    destination ?? pino.destination({ fd: 2, sync: true }),
  )
}
