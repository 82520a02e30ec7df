/** `backward`: the new schema reads what the old one wrote. `forward`: the old one reads what the new one writes. */
export type Direction = 'backward' | 'forward'

export interface LevelMeaning {
  /** The questions asked of a pair, in the order in which answers are reported. */
  directions: readonly Direction[]
  /** Whether the whole history counts, or its newest version only. */
  transitive: boolean
}

/** What each compatibility level asks. */
export const levels = {
  NONE: { directions: [], transitive: false },
  BACKWARD: { directions: ['backward'], transitive: false },
  BACKWARD_TRANSITIVE: { directions: ['backward'], transitive: true },
  FORWARD: { directions: ['forward'], transitive: false },
  FORWARD_TRANSITIVE: { directions: ['forward'], transitive: true },
  FULL: { directions: ['forward', 'backward'], transitive: false },
  FULL_TRANSITIVE: { directions: ['forward', 'backward'], transitive: true },
} as const satisfies Record<string, LevelMeaning>

export type Level = keyof typeof levels

export const isLevel = (text: string): text is Level => Object.hasOwn(levels, text)
