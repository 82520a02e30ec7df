/**
 * The JSON Schema of `concordat.yaml`; published as `concordat.schema.json`, so that editors complete and check it.
 * Unknown keys are errors: a misspelt key must not be silently without effect.
 */
const version = { oneOf: [{ type: 'integer', minimum: 1 }, { const: 'latest' }], description: 'A number, or latest.' }

const reference = {
  type: 'object',
  description: 'A schema that the text refers to.',
  required: ['name', 'subject'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, description: 'How the text speaks of it.' },
    subject: { type: 'string', minLength: 1, description: 'Where the registry keeps it.' },
    version,
    schema: { type: 'string', minLength: 1, description: 'A file that push registers first.' },
    references: { type: 'array', items: { $ref: '#/definitions/reference' } },
  },
}

const eventProperties = {
  subject: { type: 'string', minLength: 1, description: 'Default: the topic with -value behind it.' },
  version,
  reads: { type: 'array', items: { type: 'string' }, description: 'The fields that this service reads.' },
  schema: { type: 'string', minLength: 1, description: 'The file that push registers and check judges.' },
  references: { type: 'array', items: { $ref: '#/definitions/reference' } },
}

const topic = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    ...eventProperties,
    events: {
      type: 'array',
      minItems: 1,
      description: 'Several events in one topic, each under its own subject.',
      items: { type: 'object', required: ['subject'], additionalProperties: false, properties: eventProperties },
    },
  },
}

const topics = { type: ['object', 'null'], additionalProperties: topic, description: 'By topic name.' }

export const configSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'concordat.yaml',
  type: 'object',
  definitions: { reference },
  additionalProperties: false,
  properties: {
    registry: {
      type: 'object',
      additionalProperties: false,
      properties: { url: { type: 'string', minLength: 1, description: 'May hold ${ENVIRONMENT_VARIABLES}.' } },
    },
    service: { type: 'string', minLength: 1, description: 'The name under which use is recorded.' },
    out: { type: 'string', minLength: 1, description: 'Folder for generated TypeScript (default: src/contracts).' },
    vendor: { type: 'string', minLength: 1, description: 'Folder for schema texts (default: concordat/schemas).' },
    consumes: topics,
    produces: topics,
    types: {
      type: 'object',
      description: 'How values appear in TypeScript, by logical type.',
      additionalProperties: { type: 'string' },
    },
  },
} as const
