import { FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt'
import type { FieldModel, FileSet, MessageModel } from '../file-set.js'
import { integersOf, outside } from './integers.js'
import type { FieldValue, MessageValue, Single } from './value.js'

/** Smallest values of the writer's types, of which witnesses are made. */
export class Samples {
  private readonly values = new Map<string, MessageValue>()

  constructor(private readonly set: FileSet) {
    // Messages that require others come after them; what never gets its turn requires itself and has no value.
    const waiting = new Map<string, MessageModel[]>()
    const missing = new Map<string, number>()
    const ready: MessageModel[] = []
    for (const message of set.messages.values()) {
      const needs = new Set(
        message.fields.filter((field) => isNeeded(field, message)).map(({ typeName }) => typeName ?? ''),
      )
      const needed = [...needs].filter((name) => set.messages.has(name))
      missing.set(message.fullName, needed.length)
      if (needed.length === 0) ready.push(message)
      for (const name of needed) waiting.set(name, [...(waiting.get(name) ?? []), message])
    }
    for (const message of ready) {
      this.make(message)
      for (const next of waiting.get(message.fullName) ?? []) {
        const left = (missing.get(next.fullName) ?? 0) - 1
        missing.set(next.fullName, left)
        if (left === 0) ready.push(next)
      }
    }
  }

  /**
   * A value of the message with nothing in it that may be left out; `undefined` if there is no such value, because a
   * required field leads back to the message for ever.
   */
  least(message: MessageModel): MessageValue | undefined {
    return this.values.get(message.fullName)
  }

  private make(message: MessageModel): void {
    const value = new Map<number, FieldValue>()
    for (const field of message.fields.filter((each) => isNeeded(each, message))) {
      const sample = this.single(field)
      if (sample === undefined) return
      value.set(field.number, sample)
    }
    this.values.set(message.fullName, value)
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

const isNeeded = ({ cardinality }: FieldModel, message: MessageModel): boolean =>
  cardinality === 'required' || message.isMapEntry
