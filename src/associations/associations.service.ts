import { Injectable } from '@nestjs/common'
import type { StoredVersion } from '../storage/storage.port.js'
@Injectable()
export class AssociationsService {
  ofVersions(
    _versions: readonly StoredVersion[],
    _type: string | undefined,
    _types: string[],
    _wanted: string[],
  ): Promise<Map<string, object[]> | undefined> {
    return Promise.resolve(undefined)
  }
}
