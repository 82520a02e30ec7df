/** Whether tags belong to a whole type or to one field. The names are the protocol's. */
export type EntityType = 'sr_record' | 'sr_field'

/** A part of a text to be replaced. Offsets are UTF-16 code units. */
export interface TextEdit {
  at: number
  end: number
  text: string
}

/** A place in a schema's text that can carry tags. */
export interface Place {
  path: string
  type: EntityType
  tags: string[]
  /** What to change so that the place carries these tags. */
  retag(tags: readonly string[]): TextEdit
}
