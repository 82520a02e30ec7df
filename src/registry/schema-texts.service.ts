import { Inject, Injectable } from '@nestjs/common'
import type { PrintForm, SchemaType } from '@concordat/core'
import { findTags, type EntityTags } from '@concordat/core/tags'
import { STORAGE, type Storage, type StoredSchema } from '../storage/storage.port.js'
import { SchemaParser } from './schema-parser.js'

/** The texts that each format can be shown as, beside the stored one. Every other `format` means the stored text. */
const forms: Record<SchemaType, readonly PrintForm[]> = {
  AVRO: ['resolved'],
  JSON: [],
  PROTOBUF: ['serialized', 'ignore_extensions'],
}

/** Shows stored schemas in other forms. */
@Injectable()
export class SchemaTexts {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(SchemaParser) private readonly parser: SchemaParser,
  ) {}

  /** The text in the form that was asked for; undefined if that is the stored text. */
  async show(schema: StoredSchema, format: string | undefined): Promise<string | undefined> {
    const form = forms[schema.type].find((one) => one === format?.toLowerCase())
    if (!form) return undefined
    const parsed = await this.storage.read((tx) => this.parser.parseStored(tx, schema))
    return parsed.print(form)
  }

  /** The tags inside the schema that were asked for, `*` being all of them. */
  tags(schema: StoredSchema, wanted: readonly string[]): { schemaTags?: EntityTags[] } {
    if (wanted.length === 0) return {}
    const found = findTags(schema.type, schema.text, wanted)
    return found.length > 0 ? { schemaTags: found } : {}
  }
}
