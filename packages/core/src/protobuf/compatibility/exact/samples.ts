import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { FieldModel, FileSet, MessageModel } from '../file-set.js'
import { integersOf, outside } from './integers.js'
import type { FieldValue, MessageValue, Single } from './value.js'

/** Smallest values of the writer's types, of which witnesses are made. */
export class Samples {
  private readonly values = new Map<string, MessageValue>()

  constructor(private readonly set: FileSet) {
    // Messages that need others come after them; what is left in the end needs itself and has no value.
    for (let left = [...set.messages.values()]; ;) {
      const undone = left.filter((message) => !this.make(message))
      if (undone.length === left.length) break
      left = undone
    }
  }

  /**
   * A value of the message with nothing in it that may be left out; `undefined` if there is no such value, because a
   * required field leads back to the message for ever.
   */
  least(message: MessageModel): MessageValue | undefined {
    return this.values.get(message.fullName)
  }

  private make(message: MessageModel): boolean {
    const value = new Map<number, FieldValue>()
    for (const field of message.fields) {
      if (field.cardinality !== 'required' && !message.isMapEntry) continue
      const sample = this.single(field)
      if (sample === undefined) return false
      value.set(field.number, sample)
    }
    this.values.set(message.fullName, value)
    return true
  }

  /** A single value of the field that is not its zero value, where there is another one. */
  single(field: FieldModel): Single | undefined {
    switch (field.type) {
      case Type.STRING:
        return 'abc'
      case Type.BYTES:
        return Uint8Array.of(0xff)
      case Type.FLOAT:
      case Type.DOUBLE:
        return 1.5
      case Type.FIXED32:
      case Type.FIXED64:
      case Type.SFIXED32:
      case Type.SFIXED64:
        return 21n
      case Type.MESSAGE:
      case Type.GROUP: {
        const message = this.set.messages.get(field.typeName ?? '')
        return message && this.least(message)
      }
      default: {
        const integers = integersOf(field.type, this.set.enums.get(field.typeName ?? ''))
        return integers && (outside(integers, [0n]) ?? 0n)
      }
    }
  }

  /** Two entries of a map with different keys. */
  twoEntries(map: FieldModel): Single[] | undefined {
    const entry = this.set.messages.get(map.typeName ?? '')
    const least = entry && this.least(entry)
    if (!least) return undefined
    const key = entry.fields.find(({ number }) => number === 1)?.type
    return [least, new Map([...least, [1, key === Type.STRING ? 'other' : 0n]])]
  }
}
