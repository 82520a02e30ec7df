import { Inject, Injectable, type PipeTransform } from '@nestjs/common'
import { Scopes } from '../settings/scopes.js'
import { STORAGE, type Storage, type SubjectKey } from '../storage/storage.port.js'
import { parseReferred, parseSubject } from './subject-name.js'

/** The subject that a path names, or the one that it is an alias of (one step, no chain). */
@Injectable()
export class SubjectPipe implements PipeTransform<string, Promise<SubjectKey>> {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  async transform(text: string): Promise<SubjectKey> {
    const subject = parseSubject(text)
    const config = await this.storage.read((tx) => this.scopes.storedConfig(tx, subject))
    return config?.alias ? parseReferred(config.alias, subject.context) : subject
  }
}
