export type RuleKind = 'TRANSFORM' | 'CONDITION'
export type RuleMode = 'WRITEREAD' | 'WRITE' | 'READ' | 'UPGRADE' | 'DOWNGRADE' | 'UPDOWN'
export type EnableAt = 'ALL' | 'CLIENT' | 'GATEWAY' | 'SERVER' | 'NONE'

/** One data-contract rule that serializers and deserializers run. */
export interface Rule {
  name: string
  doc?: string
  kind: RuleKind
  mode: RuleMode
  type: string
  tags?: string[]
  params?: Record<string, string>
  expr?: string
  onSuccess?: string
  onFailure?: string
  disabled: boolean
}

export interface RuleSet {
  migrationRules?: Rule[]
  domainRules?: Rule[]
  encodingRules?: Rule[]
  enableAt?: EnableAt
}
