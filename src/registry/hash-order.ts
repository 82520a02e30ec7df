/**
 * Where the protocol says "any" or leaves an order open, its server goes through a Java hash table of subjects. Clients
 * see that order, so ours is the same: by bucket, in order of insertion inside of one.
 */
export function inHashOrder<T>(values: readonly T[], nameOf: (value: T) => string): T[] {
  let capacity = 16
  while (values.length > capacity * 0.75) capacity *= 2
  const bucket = (value: T) => {
    const hash = javaHash(nameOf(value))
    return (hash ^ (hash >>> 16)) & (capacity - 1)
  }
  return [...values].sort((a, b) => bucket(a) - bucket(b))
}

/** `String.hashCode` of Java, as an unsigned number. */
function javaHash(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return hash >>> 0
}
