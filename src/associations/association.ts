export const associationTypes = ['key', 'value'] as const
export const lifecycles = ['STRONG', 'WEAK', 'NONE'] as const
