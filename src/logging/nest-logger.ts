import type { LoggerService } from '@nestjs/common'
import type { Logger } from './logger.js'

/** Nest's own messages in the log. What it reports about its start is of interest only when something is wrong. */
export class NestLogger implements LoggerService {
  constructor(private readonly log_: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest)
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest)
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest)
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest)
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest)
  }

  /** Nest passes what is to be logged, then stacks or details, then the name of the part that speaks. */
  private write(level: 'debug' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const part = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined
    const details = rest.slice(0, part === undefined ? undefined : -1).filter((detail) => detail !== undefined)
    const fields = { part, ...(details.length > 0 && { details }) }
    if (message instanceof Error) this.log_[level]({ ...fields, err: message }, message.message)
    else this.log_[level](fields, typeof message === 'string' ? message : JSON.stringify(message))
  }
}
