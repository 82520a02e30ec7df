import type { EnableAt, Metadata, Reference, Rule, RuleSet } from '@concordat/core'
import { present } from '../http/answer.js'
import type { StoredSchema, StoredVersion } from '../storage/storage.port.js'
import { formatSubject, isDefaultContext, parseSubject } from './subject-name.js'

/** A version with its content: what most answers are made of. */
export interface VersionedSchema {
  version: StoredVersion
  schema: StoredSchema
}

/** A content that may have lost its version: an import can put another one in its place. */
export interface FoundSchema {
  version?: StoredVersion
  schema: StoredSchema
}

export interface AnswerParts {
  /** The text to show; the stored one if absent. */
  text?: string
  subject?: boolean
  version?: boolean
  id?: boolean
  /** Time and deletion mark, which say something about a stored version and not about a schema. */
  times?: boolean
  /** Show the subjects of references with their context. */
  qualified?: boolean
}

/** A schema as the protocol shows it. */
export function schemaAnswer({ version, schema }: FoundSchema, parts: AnswerParts): object {
  return {
    ...(version && parts.subject && { subject: formatSubject(version) }),
    ...(version && parts.version && { version: version.version }),
    ...(parts.id && { id: schema.id }),
    ...contentAnswer(schema, parts),
    ...(version && parts.times && { ts: version.time, deleted: version.deleted }),
  }
}

/** A content without the version that it was registered as. */
export function contentAnswer(schema: StoredSchema, { text, qualified }: AnswerParts): object {
  const references = qualified ? schema.references.map((one) => withContext(one, schema.context)) : schema.references
  return {
    guid: schema.guid,
    schemaType: schema.type,
    ...present({ references }),
    ...(schema.metadata && { metadata: metadataAnswer(schema.metadata) }),
    ...(schema.ruleSet && { ruleSet: ruleSetAnswer(schema.ruleSet) }),
    schema: text ?? schema.text,
  }
}

export const metadataAnswer = (metadata: Metadata): object => present(metadata)

export function ruleSetAnswer({ migrationRules, domainRules, encodingRules, enableAt }: RuleSet): {
  enableAt?: EnableAt
} {
  const rules = (list: Rule[] | undefined) => list?.map(present)
  return present({
    migrationRules: rules(migrationRules),
    domainRules: rules(domainRules),
    encodingRules: rules(encodingRules),
    enableAt,
  })
}

function withContext(reference: Reference, context: string): Reference {
  const subject = parseSubject(reference.subject)
  return isDefaultContext(subject)
    ? { ...reference, subject: formatSubject({ context, name: subject.name }) }
    : reference
}
