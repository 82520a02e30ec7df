import { object, text, type Decoder } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'

/** What may be done to the subjects of a scope. */
export const modes = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT', 'FORWARD'] as const
export type Mode = (typeof modes)[number]

export const isReadOnly = (mode: Mode): boolean => mode === 'READONLY' || mode === 'READONLY_OVERRIDE'

/** In these modes schemas come with their ids, and nothing is merged, normalised or checked. */
export const takesIds = (mode: Mode): boolean => mode === 'IMPORT' || mode === 'FORWARD'

/** A change of mode; null deletes it. */
export interface ModeChange {
  mode: Mode | null
  /** As it was sent, which is how it is echoed. */
  echo: string | null
}

const modeBody = object<{ mode: string }>({ mode: text })

/** Reads the body of a mode update. @throws RegistryError 400, 42204 */
export const modeChange: Decoder<ModeChange> = (value, path) => {
  const body = modeBody(value, path)
  if (!body) return undefined
  if (body.mode === undefined) {
    if (value !== null && typeof value === 'object' && Object.hasOwn(value, 'mode')) return { mode: null, echo: null }
    throw new RegistryError('invalidMode', { mode: '' })
  }
  const mode = modes.find((one) => one === body.mode?.toUpperCase())
  if (!mode) throw new RegistryError('invalidMode', { mode: body.mode })
  return { mode, echo: body.mode }
}
