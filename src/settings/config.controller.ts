import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common'
import { body } from '../http/decode.js'
import { toggleOf, type Query as Parameters } from '../http/query.js'
import { parseSubject } from '../registry/subject-name.js'
import { configAnswer, configChange, updateAnswer } from './config.js'
import { SettingsService } from './settings.service.js'

/** `/config`: compatibility and other settings of the registry, a context or a subject. */
@Controller('config')
export class ConfigController {
  constructor(@Inject(SettingsService) private readonly settings: SettingsService) {}

  @Get(['/', ':subject'])
  async read(@Param('subject') subject = '', @Query() query: Parameters): Promise<object> {
    return configAnswer(await this.settings.config(parseSubject(subject), toggleOf(query, 'defaultToGlobal')))
  }

  @Put(['/', ':subject'])
  async change(@Param('subject') subject = '', @Body() request: unknown): Promise<object> {
    return updateAnswer(await this.settings.changeConfig(parseSubject(subject), body(configChange, request)))
  }

  @Delete(['/', ':subject'])
  async remove(@Param('subject') subject = ''): Promise<object> {
    return configAnswer(await this.settings.removeConfig(parseSubject(subject)))
  }
}
