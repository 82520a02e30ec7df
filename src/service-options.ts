import type { Level } from '@concordat/core/compatibility'
import type { Validation } from '@concordat/core'

/** What an operator decides about a server; `src/config` reads it from flags, environment and file. */
export interface ServiceOptions {
  /** Bytes of a request body. */
  bodyLimit: number
  compatibilityLevel: Level
  schemaValidation: Validation
  modeMutability: boolean
  /** Old strict clients are to be served: see `held-back.ts`. */
  holdBackNewMembers: boolean
  /** Memory for prepared answers. */
  cacheMegabytes: number
}

export const defaultOptions: ServiceOptions = {
  bodyLimit: 4 * 1024 * 1024,
  compatibilityLevel: 'BACKWARD',
  schemaValidation: 'strict',
  modeMutability: true,
  holdBackNewMembers: false,
  cacheMegabytes: 64,
}

/** The name under which the options are injected. */
export const SERVICE_OPTIONS = Symbol('service options')
