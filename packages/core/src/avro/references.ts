import { InvalidSchema } from '../schema/invalid-schema.js'
import type { ReferenceResolver, SchemaSource } from '../schema/source.js'

/** Chains of references longer than this are refused. */
const maximumDepth = 100

/**
 * Everything that a schema refers to, directly or not, dependencies first. A reference is known by its name: of several
 * with one name the first counts.
 *
 * @throws InvalidSchema for a reference to something that does not exist.
 */
export function resolveReferences(source: SchemaSource, resolve: ReferenceResolver): SchemaSource[] {
  const ordered: SchemaSource[] = []
  const visited = new Set<string>()
  const visit = ({ references }: SchemaSource, depth: number) => {
    if (depth > maximumDepth) throw new InvalidSchema({ reason: `references go more than ${maximumDepth} levels deep` })
    for (const reference of references) {
      if (visited.has(reference.name)) continue
      visited.add(reference.name)
      const target = resolve(reference)
      if (!target) {
        const { name, subject, version } = reference
        throw new InvalidSchema({
          reason: `the reference ${JSON.stringify(name)} leads to nothing: there is no version ${version} of subject ${JSON.stringify(subject)}`,
          hint: 'register that schema first, or correct the reference',
        })
      }
      visit(target, depth + 1)
      ordered.push(target)
    }
  }
  visit(source, 0)
  return ordered
}
