import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common'
import type { PrintForm } from '@concordat/core'
import { RawAnswer } from '../http/answer.js'
import { body } from '../http/decode.js'
import { cut, pageOf, textOf, textsOf, toggleOf, type Query as Parameters } from '../http/query.js'
import type { SubjectKey } from '../storage/storage.port.js'
import { schemaAnswer } from './answers.js'
import { DeletionService } from './deletion.service.js'
import { LookupService } from './lookup.service.js'
import { ReadingService, type Shown } from './reading.service.js'
import { RegistrationService } from './registration.service.js'
import { SchemaTexts } from './schema-texts.service.js'
import { schemaRequest } from './schema-request.js'
import { SubjectPipe } from './subject.pipe.js'
import { anyContext, formatSubject } from './subject-name.js'
import { TagsService } from './tags.service.js'
import { parseVersion } from './version-number.js'

const shownOf = (query: Parameters): Shown =>
  toggleOf(query, 'deletedOnly') ? 'deleted' : toggleOf(query, 'deleted') ? 'all' : 'live'

/** `/subjects`: subjects and their versions. */
@Controller('subjects')
export class SubjectsController {
  constructor(
    @Inject(ReadingService) private readonly reading: ReadingService,
    @Inject(RegistrationService) private readonly registration: RegistrationService,
    @Inject(LookupService) private readonly lookups: LookupService,
    @Inject(DeletionService) private readonly deletion: DeletionService,
    @Inject(SchemaTexts) private readonly texts: SchemaTexts,
    @Inject(TagsService) private readonly tags: TagsService,
  ) {}

  @Get()
  async list(@Query() query: Parameters): Promise<string[]> {
    const prefix = textOf(query, 'subjectPrefix') ?? formatSubject({ context: anyContext, name: '' })
    return cut(await this.reading.subjects(prefix, shownOf(query)), pageOf(query))
  }

  @Post(':subject')
  @HttpCode(200)
  async lookup(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Body() request: unknown,
    @Query() query: Parameters,
  ): Promise<object> {
    const options = { normalize: toggleOf(query, 'normalize'), deleted: toggleOf(query, 'deleted') }
    const wanted = body(schemaRequest, request)
    const found = await this.lookups.lookup(subject, wanted, options)
    const text = await this.texts.show(found.schema, textOf(query, 'format'))
    return schemaAnswer(found, {
      text,
      subject: true,
      version: true,
      id: true,
      times: found.by === 'equivalence' || wanted.version < 0,
    })
  }

  @Delete(':subject')
  async remove(@Param('subject', SubjectPipe) subject: SubjectKey, @Query() query: Parameters): Promise<number[]> {
    return this.deletion.deleteSubject(subject, toggleOf(query, 'permanent'))
  }

  @Get(':subject/metadata')
  async latestWithProperties(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Query() query: Parameters,
  ): Promise<object> {
    const values = textsOf(query, 'value')
    const wanted = textsOf(query, 'key').flatMap((key, at): [string, string][] =>
      values[at] === undefined ? [] : [[key, values[at]]],
    )
    const found = await this.reading.latestWithProperties(subject, wanted, toggleOf(query, 'deleted'))
    const text = await this.texts.show(found.schema, textOf(query, 'format'))
    return schemaAnswer(found, { text, subject: true, version: true, id: true, times: true })
  }

  @Get(':subject/versions')
  async versions(@Param('subject', SubjectPipe) subject: SubjectKey, @Query() query: Parameters): Promise<number[]> {
    const asNegative = toggleOf(query, 'deletedAsNegative')
    const versions = await this.reading.versions(subject, asNegative ? 'all' : shownOf(query), shownOf(query))
    const numbers = versions.map(({ version, deleted }) => (asNegative && deleted ? -version : version))
    return cut(numbers, pageOf(query))
  }

  @Post(':subject/versions')
  @HttpCode(200)
  async register(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Body() request: unknown,
    @Query() query: Parameters,
  ): Promise<object> {
    const options = { normalize: toggleOf(query, 'normalize'), force: toggleOf(query, 'force') }
    const wanted = body(schemaRequest, request)
    const registered = await this.registration.register(subject, wanted, options)
    const text = await this.texts.show(registered.schema, textOf(query, 'format'))
    const stored = registered.by === 'equivalence' || (registered.by !== undefined && wanted.version < 0)
    return schemaAnswer(registered, { text, version: true, id: true, times: stored })
  }

  @Get(':subject/versions/:version')
  async version(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Param('version') version: string,
    @Query() query: Parameters,
  ): Promise<object> {
    const found = await this.reading.version(subject, parseVersion(version), toggleOf(query, 'deleted'))
    const text = await this.texts.show(found.schema, textOf(query, 'format'))
    const qualified = textOf(query, 'referenceFormat') === 'qualified'
    return {
      ...schemaAnswer(found, { text, qualified, subject: true, version: true, id: true, times: true }),
      ...this.texts.tags(found.schema, textsOf(query, 'findTags')),
    }
  }

  @Get(':subject/versions/:version/schema')
  async text(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Param('version') version: string,
    @Query() query: Parameters,
  ): Promise<RawAnswer> {
    const { schema } = await this.reading.version(subject, parseVersion(version), toggleOf(query, 'deleted'))
    return new RawAnswer((await this.texts.show(schema, textOf(query, 'format'))) ?? schema.text)
  }

  @Get(':subject/versions/:version/referencedby')
  async referrers(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Param('version') version: string,
    @Query() query: Parameters,
  ): Promise<number[]> {
    return cut(
      await this.reading.referrers(subject, parseVersion(version), toggleOf(query, 'deleted')),
      pageOf(query, 1000),
    )
  }

  @Delete(':subject/versions/:version')
  async removeVersion(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Param('version') version: string,
    @Query() query: Parameters,
  ): Promise<number> {
    return this.deletion.deleteVersion(subject, parseVersion(version), toggleOf(query, 'permanent'))
  }

  @Post(':subject/versions/:version/tags')
  @HttpCode(200)
  async changeTags(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Param('version') version: string,
    @Body() request: unknown,
  ): Promise<object> {
    return schemaAnswer(await this.tags.change(subject, parseVersion(version), request), { version: true, id: true })
  }
}

export type { PrintForm }
