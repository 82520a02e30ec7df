/** What another package says: contained or not, or that it does not know. */
export interface OtherTool {
  name: string
  contains: (writer: unknown, reader: unknown) => Promise<boolean | undefined>
}

/** Registered packages with the question asked in their own terms; those that are not installed are left to `missing`. */
export async function otherTools(): Promise<{ tools: OtherTool[]; missing: string[] }> {
  const tools: OtherTool[] = []
  const missing: string[] = []
  for (const [name, adapt] of Object.entries(adapters)) {
    try {
      tools.push({ name, contains: adapt((await import(name)) as Record<string, unknown>) })
    } catch (error) {
      if (!/Cannot find (package|module)/.test(String(error))) throw error
      missing.push(name)
    }
  }
  return { tools, missing }
}

type Function = (...values: unknown[]) => unknown

const adapters: Record<string, (module: Record<string, unknown>) => OtherTool['contains']> = {
  'json-schema-diff': (module) => {
    const { diffSchemas } = (module.default ?? module) as { diffSchemas: Function }
    return async (sourceSchema, destinationSchema) => {
      const result = (await diffSchemas({ sourceSchema, destinationSchema })) as { removalsFound: boolean }
      return !result.removalsFound
    }
  },
  'is-json-schema-subset': (module) => {
    const isSubset = defaultOf(module)
    return async (writer, reader) => Boolean(await isSubset(writer, reader))
  },
  'json-schema-describes-subset': (module) => {
    const describesSubset = (module.schemaDescribesSubset ?? defaultOf(module)) as Function
    return async (writer, reader) => (await describesSubset(writer, reader)) as boolean | undefined
  },
}

function defaultOf(module: Record<string, unknown>): Function {
  const inner = module.default as Function | { default: Function }
  return typeof inner === 'function' ? inner : inner.default
}
