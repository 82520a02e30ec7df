import { list, object, oneOf, text, toggle, type Decoder } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'
import { schemaRequest, type SchemaRequest } from '../registry/schema-request.js'
import { parseReferred, parseSubject } from '../registry/subject-name.js'
import type { StoredAssociation, SubjectKey } from '../storage/storage.port.js'

/** The part of a topic's messages that a subject describes. */
export const associationTypes = ['key', 'value'] as const
export type AssociationType = (typeof associationTypes)[number]

/** A STRONG association owns its subject; a WEAK one points to it. */
export const lifecycles = ['STRONG', 'WEAK'] as const
export type Lifecycle = (typeof lifecycles)[number]

/** In queries: also the subjects without any association. */
export const queriedLifecycles = [...lifecycles, 'NONE'] as const

export const operations = ['CREATE', 'UPSERT', 'DELETE'] as const
export type Operation = (typeof operations)[number]

export const onlyResourceType = 'topic'

interface AssociationBody {
  opType?: Operation
  associationType?: AssociationType
  subject?: string
  lifecycle?: Lifecycle
  frozen?: boolean
  schema?: SchemaRequest
  normalize?: boolean
  cascadeLifecycle?: boolean
}

interface ResourceBody {
  resourceName?: string
  resourceNamespace?: string
  resourceId?: string
  resourceType?: string
  associations?: AssociationBody[]
}

export interface Resource {
  resourceName: string
  resourceNamespace: string
  resourceId: string
  resourceType: string
}

/** One association of a request, with everything filled in that does not depend on what is stored. */
export interface WantedAssociation {
  operation: Operation
  type: AssociationType
  subject: SubjectKey
  lifecycle: Lifecycle
  /** Whether the request states the lifecycle, rather than having it implied. */
  lifecycleStated: boolean
  schema?: SchemaRequest
  normalize: boolean
  cascade: boolean
}

export interface WantedAssociations {
  resource: Resource
  associations: WantedAssociation[]
}

const associationBody = object<AssociationBody>({
  opType: oneOf(operations),
  associationType: oneOf(associationTypes),
  subject: text,
  lifecycle: oneOf(lifecycles),
  frozen: toggle,
  schema: schemaRequest,
  normalize: toggle,
  cascadeLifecycle: toggle,
})

export const resourceBody = object<ResourceBody>({
  resourceName: text,
  resourceNamespace: text,
  resourceId: text,
  resourceType: text,
  associations: list(associationBody),
})

export interface ResourceQuery extends Partial<Resource> {
  associationTypes?: AssociationType[]
  lifecycle?: Lifecycle
}

const resourceQuery = object<ResourceQuery>({
  resourceName: text,
  resourceNamespace: text,
  resourceId: text,
  resourceType: text,
  associationTypes: list(oneOf(associationTypes)),
  lifecycle: oneOf(lifecycles),
})

const batch = <T>(element: Decoder<T>) => object<{ requests?: T[] }>({ requests: list(element) })
export const batchMutation = batch(resourceBody)
export const batchQuery = batch(resourceQuery)

/**
 * Checks a request and fills in what it leaves out.
 * @param context where unqualified subjects are, as `:.context:`
 * @throws RegistryError 42212
 */
export function wantedAssociations(
  body: ResourceBody,
  context: string | undefined,
  operation?: Operation,
): WantedAssociations {
  const { resourceName, resourceNamespace, resourceId, resourceType = onlyResourceType, associations = [] } = body
  if (!resourceName) throw missing('resourceName')
  if (!resourceNamespace) throw missing('resourceNamespace')
  if (!resourceId) throw missing('resourceId')
  if (resourceType !== onlyResourceType) throw refused('resourceType', `only '${onlyResourceType}' is known`)
  if (associations.length === 0) throw missing('associations')
  const resource = { resourceName, resourceNamespace, resourceId, resourceType }
  const wanted = associations.map((one) => wantedAssociation(one, resource, context, operation))
  if (new Set(wanted.map(({ type }) => type)).size < wanted.length)
    throw refused('associationType', 'each type can be named once')
  const kept = wanted.filter((one) => one.operation !== 'DELETE')
  if (new Set(kept.map(({ lifecycle }) => lifecycle)).size > 1)
    throw refused('lifecycle', 'a resource has one lifecycle')
  return { resource, associations: wanted }
}

function wantedAssociation(
  body: AssociationBody,
  { resourceName, resourceNamespace }: Resource,
  context: string | undefined,
  given: Operation | undefined,
): WantedAssociation {
  const operation = given ?? body.opType
  if (!operation) throw missing('opType')
  const type = body.associationType ?? 'value'
  const lifecycle = body.lifecycle ?? (body.schema || body.frozen ? 'STRONG' : 'WEAK')
  if (body.frozen !== undefined && body.frozen !== (lifecycle === 'STRONG'))
    throw refused('frozen', 'STRONG associations are frozen, and only these')
  const own = `:.${resourceNamespace}:${resourceName}-${type}`
  if (operation !== 'DELETE') {
    if (lifecycle === 'WEAK' && !body.subject) throw refused('subject', 'a WEAK association has to name one')
    if (lifecycle === 'WEAK' && body.subject === own)
      throw refused('subject', `'${own}' is kept for a STRONG association`)
    if (lifecycle === 'STRONG' && body.subject && body.subject !== own)
      throw refused('subject', `that of a STRONG association is '${own}'`)
  }
  const scope = parseSubject(context ?? '').context
  return {
    operation,
    type,
    subject: parseReferred(body.subject ?? own, scope),
    lifecycle,
    lifecycleStated: body.lifecycle !== undefined,
    ...(body.schema && { schema: body.schema }),
    normalize: body.normalize ?? false,
    cascade: body.cascadeLifecycle ?? false,
  }
}

export const refused = (property: string, detail: string): RegistryError =>
  new RegistryError('invalidAssociation', { property, detail })

export const missing = (property: string): RegistryError => refused(property, 'it is missing or empty')

/** By type, then by resource: the order in which associations are listed. */
export const byType = (a: StoredAssociation, b: StoredAssociation): number =>
  a.associationType < b.associationType ? -1 : a.associationType > b.associationType ? 1 : 0
