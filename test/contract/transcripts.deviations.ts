/** Steps at which this registry answers otherwise on purpose, each with the reason. Nothing else may differ. */
export const deviations: Readonly<Record<string, { steps: number[]; reason: string }>> = {}
