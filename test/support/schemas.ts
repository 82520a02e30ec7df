/** An Avro record with these int fields, as text. */
export const record = (fields: string[], { name = 'R', defaults = true } = {}): string =>
  JSON.stringify({
    type: 'record',
    name,
    fields: fields.map((field) => ({ name: field, type: 'int', ...(defaults && { default: 0 }) })),
  })

/** The same, whose fields readers of older messages cannot fill. */
export const required = (fields: string[]): string => record(fields, { defaults: false })

export const message = (name: string, body = '') => `syntax = "proto3";\n\nmessage ${name} {\n${body}}\n`
