/** What a schema's owner says about it; part of its identity. */
export interface Metadata {
  tags?: Record<string, string[]>
  properties?: Record<string, string>
  sensitive?: string[]
}
