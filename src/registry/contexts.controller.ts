import { Controller, Delete, Get, HttpCode, Inject, Param, Query } from '@nestjs/common'
import { RegistryError } from '../http/errors.js'
import { cut, pageOf, textOf, type Query as Parameters } from '../http/query.js'
import { STORAGE, type Storage } from '../storage/storage.port.js'
import { defaultContext } from './subject-name.js'

/** `/contexts`: the name spaces of subjects and ids. */
@Controller('contexts')
export class ContextsController {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  @Get()
  async list(@Query() query: Parameters): Promise<string[]> {
    const others = (await this.storage.read((tx) => tx.contexts())).filter((context) => context !== defaultContext)
    const prefix = textOf(query, 'contextPrefix') ?? ''
    return cut(
      [defaultContext, ...others].filter((context) => context.startsWith(prefix)),
      pageOf(query),
    )
  }

  @Delete(':context')
  @HttpCode(204)
  async remove(@Param('context') name: string): Promise<void> {
    const bare = /^:(.*):$/.exec(name)?.[1] ?? name
    const context = bare.startsWith('.') ? bare : `.${bare}`
    await this.storage.write(async (tx) => {
      if ((await tx.subjectsInRange({ context, prefix: '' })).length > 0)
        throw new RegistryError('contextNotEmpty', { context })
      await tx.removeContext(context)
      await tx.appendJournal({ kind: 'context-removed', subject: context, payload: {}, time: Date.now() })
    })
  }
}
