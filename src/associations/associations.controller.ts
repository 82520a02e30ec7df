import { Inject, Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common'
import { present } from '../http/answer.js'
import { body, type Decoder } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'
import { choicesOf, cut, pageOf, textOf, toggleOf, type Query as Parameters } from '../http/query.js'
import { schemaAnswer } from '../registry/answers.js'
import { SubjectPipe } from '../registry/subject.pipe.js'
import { formatSubject } from '../registry/subject-name.js'
import type { StoredAssociation, SubjectKey } from '../storage/storage.port.js'
import {
  associationTypes,
  batchMutation,
  batchQuery,
  missing,
  onlyResourceType,
  queriedLifecycles,
  refused,
  resourceBody,
  wantedAssociations,
  type Operation,
  type Resource,
  type ResourceQuery,
} from './association.js'
import { AssociationsService, type AssociationFilter, type ChangedAssociation } from './associations.service.js'

/** `/associations`: which subjects describe the keys and values of which topics. */
@Controller()
export class AssociationsController {
  constructor(@Inject(AssociationsService) private readonly associations: AssociationsService) {}

  @Get('associations/subjects/:subject')
  async ofSubject(@Param('subject', SubjectPipe) subject: SubjectKey, @Query() query: Parameters): Promise<object[]> {
    return listed(await this.associations.ofSubject(subject, filterOf(query)), query)
  }

  @Get('associations/resources/:resource')
  async ofResource(@Param('resource') resource: string, @Query() query: Parameters): Promise<object[]> {
    return listed(await this.associations.ofResource(resource, filterOf(query)), query)
  }

  @Get('associations/resources/:namespace/:name')
  async named(
    @Param('namespace') namespace: string,
    @Param('name') name: string,
    @Query() query: Parameters,
  ): Promise<object[]> {
    return listed(await this.associations.named(unlessAny(namespace), unlessAny(name), filterOf(query)), query)
  }

  @Post('associations')
  @HttpCode(200)
  async create(@Body() request: unknown, @Query() query: Parameters): Promise<object> {
    return this.#change(request, query, 'CREATE')
  }

  @Put('associations/resources/:resource')
  async upsert(
    @Param('resource') resource: string,
    @Body() request: unknown,
    @Query() query: Parameters,
  ): Promise<object> {
    const { resourceId } = body(resourceBody, request)
    if (resourceId !== undefined && resourceId !== resource) throw refused('resourceId', 'the path names another one')
    return this.#change(request, query, 'UPSERT')
  }

  @Delete('associations/resources/:resource')
  @HttpCode(204)
  async remove(@Param('resource') resource: string, @Query() query: Parameters): Promise<void> {
    const types = choicesOf(query, 'associationType', associationTypes)
    await this.associations.remove(resource, types, toggleOf(query, 'cascadeLifecycle'), toggleOf(query, 'dryRun'))
  }

  @Post('associations/batchGet')
  @HttpCode(207)
  async batchGet(@Body() request: unknown): Promise<object> {
    return { results: await Promise.all(requestsOf(batchQuery, request).map((one) => outcome(() => this.#find(one)))) }
  }

  @Post('associations/batchMutate')
  @HttpCode(207)
  async batchMutate(@Body() request: unknown, @Query() query: Parameters): Promise<object> {
    const results: object[] = []
    for (const one of requestsOf(batchMutation, request)) results.push(await outcome(() => this.#change(one, query)))
    return { results }
  }

  async #change(request: unknown, query: Parameters, operation?: Operation): Promise<object> {
    const wanted = wantedAssociations(body(resourceBody, request), textOf(query, 'context'), operation)
    const changed = await this.associations.change(wanted, toggleOf(query, 'dryRun'))
    return present({ ...wanted.resource, associations: changed.map(changeAnswer) })
  }

  async #find({ associationTypes: types, lifecycle, ...resource }: ResourceQuery): Promise<object> {
    const filter = { ...(types && { types }), ...(lifecycle && { lifecycle }) }
    const { resourceId, resourceNamespace, resourceName } = resource
    const found = resourceId
      ? await this.associations.ofResource(resourceId, filter)
      : await this.associations.named(resourceNamespace, resourceName, filter)
    const known: Partial<Resource> = found[0] ?? resource
    return present({
      resourceName: known.resourceName,
      resourceNamespace: known.resourceNamespace,
      resourceId: known.resourceId,
      resourceType: resource.resourceType ?? onlyResourceType,
      associations: found.map((one) => ({
        subject: formatSubject({ context: one.context, name: one.subject }),
        associationType: one.associationType,
        lifecycle: one.lifecycle,
      })),
    })
  }
}

/** An association as lists show it. */
export function associationAnswer(one: StoredAssociation): object {
  const {
    guid,
    resourceName,
    resourceNamespace,
    resourceId,
    resourceType,
    associationType,
    lifecycle,
    createTs,
    updateTs,
  } = one
  const subject = formatSubject({ context: one.context, name: one.subject })
  return {
    subject,
    guid,
    resourceName,
    resourceNamespace,
    resourceId,
    resourceType,
    associationType,
    lifecycle,
    createTs,
    updateTs,
  }
}

const listed = (associations: StoredAssociation[], query: Parameters) =>
  cut(associations, pageOf(query, 1000)).map(associationAnswer)

function filterOf(query: Parameters): AssociationFilter {
  const types = choicesOf(query, 'associationType', associationTypes)
  const [lifecycle] = choicesOf(query, 'lifecycle', queriedLifecycles)
  return { types, ...(lifecycle && { lifecycle }) }
}

const unlessAny = (text: string) => (text === '-' ? undefined : text)

const changeAnswer = ({ wanted, registered }: ChangedAssociation) => ({
  subject: formatSubject(wanted.subject),
  associationType: wanted.type,
  lifecycle: wanted.lifecycle,
  ...(registered && { schema: schemaAnswer(registered, { subject: true, version: true, id: true }) }),
})

function requestsOf<T>(decode: Decoder<{ requests?: T[] }>, request: unknown): T[] {
  const { requests = [] } = body(decode, request)
  if (requests.length === 0) throw missing('requests')
  return requests
}

/** One result of a batch: an error of one request does not touch the others. */
async function outcome(work: () => Promise<object>): Promise<object> {
  try {
    return { result: await work() }
  } catch (error) {
    if (error instanceof RegistryError) return { error: error.body }
    throw error
  }
}
