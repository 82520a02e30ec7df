import { md5 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Reference } from '../schema/source.js'
import type { Metadata } from './metadata.js'
import type { Rule, RuleSet } from './rule-set.js'

/** What makes two registered schemas the same one: the stored text and everything registered with it. */
export interface Identity {
  /** Canonical (or, if so registered, normalized) text. */
  text: string
  references?: readonly Partial<Reference>[]
  metadata?: Metadata
  ruleSet?: RuleSet
}

/**
 * The schema's GUID: MD5 over its identity as UUID text, byte for byte as Confluent's server computes it
 * (the clients put it on the wire, so it has to be theirs).
 */
export function guidOf({ text, references = [], metadata, ruleSet }: Identity): string {
  const hash = md5.create()
  const put = (value: string | null | undefined) => {
    if (value !== undefined && value !== null) hash.update(utf8ToBytes(value.replace(loneSurrogate, '?')))
  }
  const putMap = (map: Record<string, string> | undefined) => {
    for (const key of sorted(Object.keys(map ?? {}))) (put(key), put(map?.[key]))
  }
  put(text)
  for (const reference of references) {
    put(reference.name)
    put(reference.subject)
    if (reference.version !== undefined) hash.update(int32(reference.version))
  }
  if (metadata) {
    hash.update(marker)
    for (const key of sorted(Object.keys(metadata.tags ?? {}))) {
      put(key)
      for (const tag of sorted(metadata.tags?.[key] ?? [])) put(tag)
    }
    putMap(metadata.properties)
    for (const name of sorted(metadata.sensitive ?? [])) put(name)
  }
  if (ruleSet) {
    hash.update(marker)
    const rules: Rule[] = [ruleSet.migrationRules, ruleSet.domainRules, ruleSet.encodingRules].flatMap((r) => r ?? [])
    for (const rule of rules) {
      for (const value of [rule.name, rule.doc, rule.kind, rule.mode, rule.type]) put(value)
      for (const tag of sorted(rule.tags ?? [])) put(tag)
      putMap(rule.params)
      for (const value of [rule.expr, rule.onSuccess, rule.onFailure]) put(value)
      if (rule.disabled) hash.update(marker)
    }
    put(ruleSet.enableAt)
  }
  return uuidText(bytesToHex(hash.digest()))
}

/** Java's encoder writes a question mark where UTF-8 has no bytes. */
const loneSurrogate = /\p{Cs}/gu
const marker = Uint8Array.of(1)

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setInt32(0, value)
  return bytes
}

/** Sorted as Java sorts strings: by UTF-16 code unit. */
const sorted = (values: readonly string[]) => [...values].sort()

const uuidText = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
