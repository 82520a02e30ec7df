import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common'
import { body } from '../http/decode.js'
import { toggleOf, type Query as Parameters } from '../http/query.js'
import { schemaRequest } from '../registry/schema-request.js'
import { SubjectPipe } from '../registry/subject.pipe.js'
import { parseVersion } from '../registry/version-number.js'
import type { SubjectKey } from '../storage/storage.port.js'
import { CheckService } from './check.service.js'

/** `/compatibility`: may this schema follow those versions? */
@Controller('compatibility/subjects/:subject/versions')
export class CompatibilityController {
  constructor(@Inject(CheckService) private readonly checks: CheckService) {}

  @Post()
  @HttpCode(200)
  async all(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Body() request: unknown,
    @Query() query: Parameters,
  ): Promise<object> {
    return this.#check(subject, 'all', request, query)
  }

  @Post(':version')
  @HttpCode(200)
  async one(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Param('version') version: string,
    @Body() request: unknown,
    @Query() query: Parameters,
  ): Promise<object> {
    return this.#check(subject, parseVersion(version), request, query)
  }

  async #check(
    subject: SubjectKey,
    against: number | 'latest' | 'all',
    request: unknown,
    query: Parameters,
  ): Promise<object> {
    const verbose = toggleOf(query, 'verbose')
    const options = { normalize: toggleOf(query, 'normalize'), verbose }
    const { compatible, messages } = await this.checks.check(subject, against, body(schemaRequest, request), options)
    return { is_compatible: compatible, ...(verbose && { messages }) }
  }
}
