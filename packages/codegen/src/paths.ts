import { guidOf } from '@concordat/core'

/** Names that Windows keeps for devices, and that of the file that exports all topics. */
const unusable = /^(?:con|prn|aux|nul|com\d|lpt\d|index)$/

const maxLength = 60

/**
 * A file name for a topic: the topic's own name where that is plain, otherwise what is left of it and a hash, so that
 * different topics have different files on every file system.
 */
export function fileNameOf(topic: string): string {
  if (
    /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(topic) &&
    topic.length <= maxLength &&
    !unusable.test(topic) &&
    !hasKind(topic)
  ) {
    return `${topic}.ts`
  }
  const slug = topic
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, maxLength)
  return `${slug || 'topic'}-${guidOf({ text: topic }).slice(0, 8)}.ts`
}

/** Whether tools would take the file for something else: `orders.d.ts` is a declaration, `orders.test.ts` a test. */
const hasKind = (name: string) => /\.(?:d|test|spec|config|[cm]?[jt]s)$/.test(name)
