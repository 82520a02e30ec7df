import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common'
import { body } from '../http/decode.js'
import { toggleOf, type Query as Parameters } from '../http/query.js'
import { parseSubject } from '../registry/subject-name.js'
import { modeChange } from './mode.js'
import { SettingsService } from './settings.service.js'

/** `/mode`: what may be done to the subjects of the registry, a context, or to one subject. */
@Controller('mode')
export class ModeController {
  constructor(@Inject(SettingsService) private readonly settings: SettingsService) {}

  @Get(['/', ':subject'])
  async read(@Param('subject') subject = '', @Query() query: Parameters): Promise<object> {
    return { mode: await this.settings.mode(parseSubject(subject), toggleOf(query, 'defaultToGlobal')) }
  }

  @Put(['/', ':subject'])
  async change(@Param('subject') subject = '', @Body() request: unknown, @Query() query: Parameters): Promise<object> {
    const change = body(modeChange, request)
    await this.settings.changeMode(parseSubject(subject), change, toggleOf(query, 'force'))
    return { mode: change.echo }
  }

  @Delete(['/', ':subject'])
  async remove(@Param('subject') subject = '', @Query() query: Parameters): Promise<object> {
    const mode = await this.settings.removeMode(parseSubject(subject), toggleOf(query, 'recursive'))
    return mode ? { mode } : {}
  }
}
