import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { associationTypes, queriedLifecycles } from '../associations/association.js'
import { associationAnswer } from '../associations/associations.controller.js'
import { present, RawAnswer } from '../http/answer.js'
import { PreparedAnswers } from '../http/prepared-answers.js'
import { choicesOf, cut, idOf, pageOf, textOf, textsOf, toggleOf, type Query as Parameters } from '../http/query.js'
import { Scopes } from '../settings/scopes.js'
import { STORAGE, type Storage, type StoredVersion } from '../storage/storage.port.js'
import { schemaAnswer } from './answers.js'
import { ReadingService } from './reading.service.js'
import { SchemaListService } from './schema-list.service.js'
import { SchemaTexts } from './schema-texts.service.js'
import { formatSubject, parseReferred, parseSubject } from './subject-name.js'

/** `/schemas`: schemas by id, by guid, and all of them. */
@Controller('schemas')
export class SchemasController {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(ReadingService) private readonly reading: ReadingService,
    @Inject(SchemaTexts) private readonly texts: SchemaTexts,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(PreparedAnswers) private readonly prepared: PreparedAnswers,
    @Inject(SchemaListService) private readonly lists: SchemaListService,
  ) {}

  @Get('types')
  types(): string[] {
    return ['JSON', 'PROTOBUF', 'AVRO']
  }

  @Get()
  async list(@Query() query: Parameters): Promise<object[]> {
    const ruleType = textOf(query, 'ruleType')
    const resourceType = textOf(query, 'resourceType')
    const filter = {
      prefix: textOf(query, 'subjectPrefix') ?? '',
      deleted: toggleOf(query, 'deleted'),
      latestOnly: toggleOf(query, 'latestOnly'),
      aliases: toggleOf(query, 'aliases'),
      ...(ruleType && { ruleType }),
      ...(resourceType && { resourceType }),
      associationTypes: choicesOf(query, 'associationType', associationTypes),
      lifecycles: choicesOf(query, 'lifecycle', queriedLifecycles),
    }
    const found = await this.lists.list(filter, pageOf(query, 1000))
    return found.map((one) => ({
      ...schemaAnswer(one, { subject: true, version: true, id: true, times: true }),
      ...present({ aliases: one.aliases, associations: one.associations?.map(associationAnswer) }),
    }))
  }

  @Get('ids/:id')
  async byId(@Param('id') id: string, @Query() query: Parameters, @Req() request: FastifyRequest): Promise<object> {
    const ticket = this.prepared.ticket()
    const subject = await this.#subject(query)
    const found = await this.reading.byId(idOf(id), subject)
    const text = await this.texts.show(found.schema, textOf(query, 'format'))
    const qualified = textOf(query, 'referenceFormat') === 'qualified'
    const answer = {
      ...schemaAnswer(found, { text, qualified, subject: true, version: true, times: true }),
      ...this.texts.tags(found.schema, textsOf(query, 'findTags')),
    }
    if (toggleOf(query, 'fetchMaxId')) return { ...answer, maxId: await this.reading.highestId(found.schema.context) }
    this.prepared.put(request.url, Buffer.from(JSON.stringify(answer)), ticket)
    return answer
  }

  @Get('ids/:id/schema')
  async textById(@Param('id') id: string, @Query() query: Parameters): Promise<RawAnswer> {
    const { schema } = await this.reading.byId(idOf(id), await this.#subject(query))
    return new RawAnswer((await this.texts.show(schema, textOf(query, 'format'))) ?? schema.text)
  }

  @Get('ids/:id/subjects')
  async subjectsOf(@Param('id') id: string, @Query() query: Parameters): Promise<string[]> {
    return cut((await this.#registrations(id, query)).map(formatSubject), pageOf(query))
  }

  @Get('ids/:id/versions')
  async versionsOf(@Param('id') id: string, @Query() query: Parameters): Promise<object[]> {
    const found = await this.#registrations(id, query)
    return cut(found, pageOf(query)).map((one) => ({ subject: formatSubject(one), version: one.version }))
  }

  @Get('guids/:guid')
  async byGuid(@Param('guid') guid: string, @Query() query: Parameters): Promise<object> {
    const found = await this.reading.byGuid(guid)
    const text = await this.texts.show(found.schema, textOf(query, 'format'))
    return schemaAnswer(found, { text, times: true })
  }

  @Get('guids/:guid/ids')
  async idsOfGuid(@Param('guid') guid: string): Promise<object[]> {
    return (await this.reading.idsOfGuid(guid)).map(({ context, id }) => ({ context, id }))
  }

  async #registrations(id: string, query: Parameters): Promise<StoredVersion[]> {
    return this.reading.registrationsOf(idOf(id), await this.#subject(query), toggleOf(query, 'deleted'))
  }

  /** The parameter `subject`, or what it is an alias of. */
  async #subject(query: Parameters): Promise<string> {
    const text = textOf(query, 'subject') ?? ''
    const subject = parseSubject(text)
    if (subject.name === '') return text
    const config = await this.storage.read((tx) => this.scopes.storedConfig(tx, subject))
    return config?.alias ? formatSubject(parseReferred(config.alias, subject.context)) : text
  }
}
