import type { Position } from './position.js'

/** One difference between two schemas, named by rule id: what changed, not whether it breaks anything. */
export interface Change {
  rule: string
  path: string
  message: string
  at?: { older?: Position; newer?: Position }
}

/** One reason why the reader cannot read what the writer wrote, under the rules of the policy that was asked. */
export interface Break {
  /** Stable id of the rule; under `STRICT` and `LENIENT` the name of Confluent's difference type. */
  rule: string
  /** Where, in the path notation of the policy (Confluent's under `STRICT` and `LENIENT`). */
  path: string
  message: string
  /** What to change so that this break is gone; verified by checking again before it is offered. */
  fix?: string
  at?: { reader?: Position; writer?: Position }
}

/** A concrete message that the writer accepts and the reader rejects or misreads. */
export interface Witness {
  /** The message as a JSON value (Avro: its JSON encoding; Protobuf: ProtoJSON). */
  value: unknown
  /** The same message as the writer puts it on the wire, without registry framing. */
  bytes?: Uint8Array
  /** What happens when the reader meets it, in one sentence. */
  failure: string
  /** The codec that really did it, such as `ajv 8.20.0` or `avsc 5.7.9`. */
  confirmedBy: string
}

/** The answer to "can this reader read everything that this writer writes?". Never a silent yes. */
export type Verdict =
  | { outcome: 'compatible'; changes: Change[] }
  | { outcome: 'incompatible'; changes: Change[]; breaks: Break[]; witness?: Witness }
  | { outcome: 'undecided'; changes: Change[]; reason: string }
