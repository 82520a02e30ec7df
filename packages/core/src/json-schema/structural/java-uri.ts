const escaped = String.raw`%[0-9A-Fa-f]{2}`
/** Letters, digits and marks; beyond ASCII all but controls and blanks. */
const plain = String.raw`\w\-.!~*'();:@&=+$,` + String.raw`\u00a1-\uffff`
const path = `(?:[${plain}/]|${escaped})*`
const free = String.raw`(?:[${plain}/?\[\]]|${escaped})*`
const authority = String.raw`(?:\[[0-9A-Fa-f:.]+\](?::\d*)?|(?:[${plain}]|${escaped})*)`
const hierarchical = String.raw`(?://${authority}(?:/${path})?|${path})(?:\?${free})?`
const opaque = String.raw`(?:[${plain}?]|${escaped})${free}`
const uri = new RegExp(
  String.raw`^(?:[A-Za-z][\w+.-]*:(?:(?=/)${hierarchical}|(?!/)${opaque})|(?![^/?#]*:)${hierarchical})(?:#${free})?$`,
)

/** Whether a text is a URI reference to `java.net.URI`, which is what Confluent's server reads identifiers with. */
export function isJavaUri(text: string): boolean {
  return uri.test(text)
}
