import { Inject, Injectable } from '@nestjs/common'
import type { Change, Verdict } from '@concordat/core'
import { formats } from '@concordat/core/compatibility'
import { ReadingService } from '../registry/reading.service.js'
import { SchemaParser } from '../registry/schema-parser.js'
import { STORAGE, type Storage, type SubjectKey } from '../storage/storage.port.js'
import { CompatibilityService } from './compatibility.service.js'

export interface Diff {
  from: { version: number; id: number }
  to: { version: number; id: number }
  changes: readonly Change[]
  /** Can the later version read what the earlier one wrote? And the other way round? The truth, whatever is enforced. */
  backward: Verdict
  forward: Verdict
}

/** Says what changed between two versions of a subject, and what that means for readers. */
@Injectable()
export class DiffService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(ReadingService) private readonly reading: ReadingService,
    @Inject(SchemaParser) private readonly parser: SchemaParser,
    @Inject(CompatibilityService) private readonly compatibility: CompatibilityService,
  ) {}

  /** @throws RegistryError 40401, 40402 */
  async diff(subject: SubjectKey, from: number | 'latest', to: number | 'latest'): Promise<Diff> {
    const older = await this.reading.version(subject, from, true)
    const newer = await this.reading.version(subject, to, true)
    const [before, after] = await this.storage.read(async (tx) => [
      await this.parser.parseStored(tx, older.schema),
      await this.parser.parseStored(tx, newer.schema),
    ])
    if (!before || !after) throw new Error('two schemas were asked for')
    return {
      from: { version: older.version.version, id: older.schema.id },
      to: { version: newer.version.version, id: newer.schema.id },
      changes: before.type === after.type ? formats[after.type].diff(before.schema(), after.schema()) : [],
      backward: this.compatibility.judge(after, before, 'EXACT'),
      forward: this.compatibility.judge(before, after, 'EXACT'),
    }
  }
}
