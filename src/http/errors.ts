/** One kind of refusal: what it is called on the wire, what happened, and what the caller can do about it. */
interface ErrorKind {
  /** `error_code` of the answer. Five digits begin with the HTTP status; three digits are the status. */
  code: number
  /** `{name}` stands for a detail. */
  message: string
  advice?: string
}

/**
 * Every refusal of the service, the only place where codes, statuses and wording of errors are decided.
 * The codes are those of the Confluent protocol.
 */
export const errorTable = {
  badRequest: { code: 400, message: 'The request cannot be read: {detail}.' },
  badPath: {
    code: 400,
    message: 'The path of the request is malformed: {detail}.',
    advice: 'Percent-encode names in paths as UTF-8.',
  },
  routeNotFound: {
    code: 404,
    message: 'There is no route {method} {path}.',
    advice: 'The routes are described in /openapi.yaml.',
  },
  methodNotAllowed: {
    code: 405,
    message: 'The route {path} does not know the method {method}.',
    advice: 'It knows {allowed}.',
  },
  notAcceptable: {
    code: 406,
    message: 'No answer fits the Accept header "{accept}".',
    advice: 'Accept application/vnd.schemaregistry.v1+json or application/json.',
  },
  bodyTooLarge: {
    code: 413,
    message: 'The request body is larger than {limit} bytes.',
    advice: 'Split the schema with references, or raise bodyLimit.',
  },
  uriTooLong: { code: 414, message: 'The path or a name in it is too long.' },
  unsupportedMediaType: {
    code: 415,
    message: 'A request body of type "{type}" is not understood.',
    advice: 'Send application/vnd.schemaregistry.v1+json or application/json.',
  },
  missingBody: { code: 422, message: 'This request needs a JSON object as its body, and there is none.' },
  unavailable: {
    code: 503,
    message: 'The registry has more writes waiting than it takes on.',
    advice: 'Try again in a moment.',
  },

  subjectNotFound: {
    code: 40401,
    message: "Subject '{subject}' is not here.",
    advice: 'GET /subjects lists what is; deleted=true shows soft-deleted ones too.',
  },
  versionNotFound: {
    code: 40402,
    message: 'There is no version {version} of the subject.',
    advice: 'GET /subjects/(subject)/versions lists them.',
  },
  schemaNotFound: { code: 40403, message: 'The schema is not here.' },
  schemaIdNotFound: {
    code: 40403,
    message: 'There is no schema {id} here.',
    advice: 'Ids count per context: is it the right one?',
  },
  subjectSoftDeleted: {
    code: 40404,
    message: "Subject '{subject}' is soft-deleted already.",
    advice: 'permanent=true removes it for good.',
  },
  subjectNotSoftDeleted: {
    code: 40405,
    message: "Subject '{subject}' has live versions, so it cannot be removed for good.",
    advice: 'Delete it without permanent=true first.',
  },
  versionSoftDeleted: {
    code: 40406,
    message: "Version {version} of subject '{subject}' is soft-deleted already.",
    advice: 'permanent=true removes it for good.',
  },
  versionNotSoftDeleted: {
    code: 40407,
    message: "Version {version} of subject '{subject}' is live, so it cannot be removed for good.",
    advice: 'Delete it without permanent=true first.',
  },
  configNotFound: {
    code: 40408,
    message: "Subject '{subject}' has no configuration of its own.",
    advice: 'defaultToGlobal=true shows what applies to it.',
  },
  modeNotFound: {
    code: 40409,
    message: "Subject '{subject}' has no mode of its own.",
    advice: 'defaultToGlobal=true shows what applies to it.',
  },
  associationNotFound: { code: 40410, message: "Resource '{resource}' has no such association." },

  incompatible: {
    code: 40901,
    message: "The schema is incompatible with version {version} of subject '{subject}': {details}",
  },
  incompatibleNames: {
    code: 40901,
    message: "The schema breaks a rule that subject '{subject}' has about field names: {details}",
  },
  associationForResource: {
    code: 40903,
    message: "Resource '{resource}' has an association of type '{type}' already, with other properties.",
  },
  associationForSubject: {
    code: 40904,
    message: "Subject '{subject}' is associated with a resource.",
    advice: 'Remove the association first.',
  },
  strongAssociation: {
    code: 40905,
    message: "Subject '{subject}' has a STRONG association, which excludes any other.",
  },
  noActiveVersion: { code: 40907, message: "Subject '{subject}' needs a live version for its association." },
  associationFrozen: {
    code: 40908,
    message: "The association of type '{type}' with subject '{subject}' is frozen.",
    advice: 'cascadeLifecycle=true removes it together with the subject.',
  },

  invalidSchema: { code: 42201, message: 'The schema is not valid {type}: {detail}' },
  invalidSchemaType: {
    code: 42201,
    message: "There is no schema type '{type}'.",
    advice: 'The types are AVRO, JSON and PROTOBUF.',
  },
  emptySchema: {
    code: 42201,
    message: 'The request has no schema, and there is no live version whose schema could be taken over.',
  },
  invalidReference: {
    code: 42201,
    message: 'A reference is incomplete: {detail}.',
    advice: 'Each needs name, subject and a version from 1 on, or -1 for the latest.',
  },
  referenceNotFound: {
    code: 42201,
    message: "The reference '{name}' leads to version {version} of subject '{subject}', which is not here.",
    advice: 'Register it first.',
  },
  versionNotNext: {
    code: 42201,
    message: 'The request asks for version {version}, but the next one is {next}.',
    advice: 'Leave the version out, or ask for the next one.',
  },
  invalidEntityPath: {
    code: 42201,
    message: "The schema has no {type} at the path '{path}'.",
    advice: 'Paths look like namespace.Record.field, object.property or Message.field.',
  },
  invalidSchemaRequest: { code: 42201, message: 'The request cannot be carried out: {detail}.' },
  invalidVersion: {
    code: 42202,
    message: "'{version}' is not a version.",
    advice: 'Versions are whole numbers from 1 to 2147483647, or "latest".',
  },
  invalidLevel: {
    code: 42203,
    message: "'{level}' is not a compatibility level.",
    advice: 'Levels are NONE, BACKWARD, FORWARD and FULL, the last three also with _TRANSITIVE.',
  },
  invalidMode: {
    code: 42204,
    message: "'{mode}' is not a mode.",
    advice: 'Modes are READWRITE, READONLY, IMPORT and FORWARD.',
  },
  forwardNotGlobal: {
    code: 42204,
    message: 'FORWARD can only be the mode of the whole registry.',
    advice: 'PUT it to /mode/:.__GLOBAL:.',
  },
  readOnly: { code: 42205, message: "Subject '{subject}' is read-only (mode {mode})." },
  idNeedsImport: {
    code: 42205,
    message: "Subject '{subject}' is in mode {mode}, in which schemas get their ids from the registry.",
    advice: 'Leave the id out, or set the mode IMPORT.',
  },
  importNeedsId: {
    code: 42205,
    message: "Subject '{subject}' is in mode {mode}, in which a schema must bring its id along.",
  },
  idTaken: { code: 42205, message: "Id {id} of context '{context}' stands for another schema." },
  subjectsPresent: {
    code: 42205,
    message: 'IMPORT is refused while there are live subjects, such as {subject}.',
    advice: 'force=true sets it nevertheless.',
  },
  referenceToStrong: {
    code: 42205,
    message: "Subject '{subject}' belongs to a resource (STRONG association), so nothing may refer to it.",
  },
  modeImmutable: {
    code: 42205,
    message: 'The modes of this registry cannot be changed.',
    advice: 'The setting modeMutability decides it.',
  },
  referenceExists: {
    code: 42206,
    message: "Version {version} of subject '{subject}' is referred to by other schemas.",
    advice: 'GET .../referencedby lists their ids.',
  },
  invalidSubject: { code: 42208, message: "'{subject}' cannot be the name of a subject." },
  invalidRuleSet: { code: 42210, message: 'The rule set is not valid: {detail}.' },
  contextNotEmpty: {
    code: 42211,
    message: "Context '{context}' still has subjects, if only soft-deleted ones.",
    advice: 'Remove them with permanent=true first.',
  },
  invalidAssociation: { code: 42212, message: "The association's {property} is not acceptable: {detail}." },

  internal: { code: 500, message: 'The registry failed to answer; the failure is in its log.' },
  storageFailed: {
    code: 50001,
    message: 'The registry could not read or write its database; the failure is in its log.',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorName = keyof typeof errorTable

/** Details of an error: what stands for `{name}` in its message. */
export type ErrorDetails = Record<string, string | number | undefined>

/** A request that is answered with an error of the table. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly kind: ErrorName
  readonly code: number

  constructor(kind: ErrorName, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(describe(errorTable[kind], details), options)
    this.kind = kind
    this.code = errorTable[kind].code
  }

  /** The HTTP status. */
  get status(): number {
    return statusOf(this.code)
  }

  get body(): { error_code: number; message: string } {
    return { error_code: this.code, message: this.message }
  }
}

export const statusOf = (code: number): number => (code < 1000 ? code : Math.floor(code / 100))

function describe({ message, advice }: ErrorKind, details: ErrorDetails): string {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''))
  return advice ? `${fill(message)} ${fill(advice)}` : fill(message)
}
