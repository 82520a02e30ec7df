/** Whether a text compiles as `java.util.regex.Pattern`, which is what Confluent's server checks patterns with. */
export function isJavaPattern(pattern: string): boolean {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}
