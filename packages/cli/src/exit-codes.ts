/** What the process tells a script. The numbers are public: they are never renumbered. */
export const exitCodes = {
  fine: 0,
  /** The contract is broken: an incompatible or invalid schema, generated code out of date, a vendored file edited. */
  contractProblem: 1,
  /** The command line or `concordat.yaml` is wrong. */
  usage: 2,
  /** The registry did not answer, or answered with a fault of its own. */
  registryUnreachable: 3,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
