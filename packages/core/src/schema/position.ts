/** A place in a schema's text. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Position {
  line: number
  column: number
}
