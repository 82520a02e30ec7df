import type { ErrorObject, ValidateFunction } from 'ajv'
import { DecodeError } from '../decoded.js'
import { InvalidValue } from '../encode-error.js'
import type { EmbeddedReference } from '../topic-definition.js'
import type { ByteReader } from '../wire/byte-reader.js'
import type { ByteWriter } from '../wire/byte-writer.js'
import { DefaultFiller } from './defaults.js'
import { SchemaDocuments } from './documents.js'
import { tolerant } from './tolerant.js'
import { validatorOf } from './validator.js'

/**
 * JSON by a JSON Schema. Writing is strict. Reading takes what a newer producer may write: properties and enum values
 * that the pinned version does not know. Defaults are filled in.
 */
export class JsonCodec {
  private readonly strict: ValidateFunction
  private lenient: ValidateFunction | undefined
  private readonly filler: DefaultFiller

  /** @throws TypeError if the schema cannot be used: not JSON, not valid, a `$ref` to something that is not there */
  constructor(
    private readonly text: string,
    private readonly references: readonly EmbeddedReference[] = [],
  ) {
    this.strict = validatorOf(text, references)
    this.filler = new DefaultFiller(new SchemaDocuments(text, references))
  }

  write(value: unknown, out: ByteWriter): void {
    if (!this.strict(value)) throw invalidValue(this.strict.errors?.[0])
    try {
      out.text(JSON.stringify(value))
    } catch (error) {
      throw new InvalidValue(`cannot be written as JSON: ${(error as Error).message}`, { cause: error })
    }
  }

  /** @throws DecodeError */
  read(input: ByteReader): unknown {
    const value = parse(input.rest())
    if (!this.strict(value)) {
      const [error] = this.strict.errors ?? []
      this.lenient ??= validatorOf(this.text, this.references, tolerant)
      if (!this.lenient(value)) throw new DecodeError('Malformed', explain(error))
    }
    return this.filler.fill(value)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown
  } catch (error) {
    // The parser's own message quotes the text, which may be personal data.
    throw new DecodeError('Malformed', 'the message is not JSON in UTF-8', { cause: error })
  }
}

function explain(error: ErrorObject | undefined): string {
  return error
    ? `${error.instancePath || 'the message'} ${error.message ?? error.keyword}`
    : 'the schema refuses the message'
}

function invalidValue(error: ErrorObject | undefined): InvalidValue {
  const invalid = new InvalidValue(error?.message ?? 'the schema refuses the value')
  const steps = (error?.instancePath ?? '').split('/').slice(1)
  for (const step of steps.reverse()) invalid.at(/^\d+$/.test(step) ? Number(step) : unescapePointer(step))
  return invalid
}

const unescapePointer = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~')
