/** A step (counted from 0) at which this registry answers otherwise than the recorded server, on purpose. */
export interface Deviation {
  steps: readonly number[]
  reason: string
}

/**
 * All of them. Steps that the recordings themselves mark as faults of the recorded server are not compared either; what
 * stands here follows from doing better there, or from keeping what its open edition drops. Nothing else may differ.
 */
export const deviations: Readonly<Record<string, Deviation>> = {
  'tags/metadata-and-rules': {
    steps: [4, 6, 7, 8, 9],
    reason:
      'recorded with rule sets dropped; here they are kept, so the refused step 3 adds no version and rules are shown',
  },
  'config/invalid-rule-set': {
    steps: [0, 1, 3],
    reason: 'recorded with rule sets dropped; here invalid ones are refused with 42210',
  },
  'config/validate-rules': {
    steps: [1, 2, 3, 4],
    reason: 'recorded with rule sets dropped; here invalid ones are refused with 42210',
  },
  'guids/ingredients': {
    steps: [6, 7, 8, 9],
    reason: 'tags and properties with equal letters are two contents here and not a clash, so ids count on from there',
  },
  'import/version-overwrite': {
    steps: [8],
    reason: 'the content of an overwritten version can be imported again (step 7), so the version has it again',
  },
  'versions/format-json': {
    steps: [6],
    reason: 'format=logical is not offered: like every format that a schema does not have, it shows the stored text',
  },
  'http/unknown-routes': {
    steps: [17],
    reason: 'this registry has metrics of its own at /metrics',
  },
  'versions/format-protobuf': {
    steps: [4],
    reason: 'format=serialized keeps the values of custom options, which the recorded server loses',
  },
  'random-165': {
    steps: [22],
    reason: 'a schema that refers to itself (possible by import) does not keep its subject from being read',
  },
}
