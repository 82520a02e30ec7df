import type { EnumModel, FieldModel, FileModel, FileSet, MessageModel, ServiceModel } from '../file-set.js'
import { type Category, type Report, type Rule, type Spot, spot, spotOf } from './rule.js'

type Declaration = EnumModel | MessageModel | ServiceModel | FieldModel

/** The kinds of declaration that a file or a package may lose. */
const kinds: readonly {
  rule: string
  noun: string
  fileCategories: Category[]
  of: (file: FileModel) => Declaration[]
}[] = [
  { rule: 'MESSAGE', noun: 'message', fileCategories: ['FILE', 'CSR'], of: ({ messages }) => messages },
  { rule: 'ENUM', noun: 'enum', fileCategories: ['FILE', 'CSR'], of: ({ enums }) => enums },
  { rule: 'EXTENSION', noun: 'extension', fileCategories: ['FILE'], of: ({ extensions }) => extensions },
  { rule: 'SERVICE', noun: 'service', fileCategories: ['FILE'], of: ({ services }) => services },
]

export const declarationRules: Rule[] = [
  ...kinds.map(({ rule, noun, fileCategories, of }): Rule => ({
    id: `${rule}_NO_DELETE`,
    categories: fileCategories,
    purpose: `Every ${noun} stays in its file: generated code of the file declares it.`,
    compares: 'file',
    find: (older, newer) => {
      const present = new Set(of(newer).map(({ nestedName }) => nestedName))
      return of(older)
        .filter(({ nestedName }) => !present.has(nestedName))
        .map((gone) => deleted(gone, noun, survivor(gone, [newer]) ?? spot(newer), `the file ${newer.path}`))
    },
  })),
  {
    id: 'PACKAGE_NO_DELETE',
    categories: ['PACKAGE'],
    purpose: 'A package keeps at least one file.',
    compares: 'set',
    find: (older, newer) => {
      const present = packagesOf(newer)
      return [...packagesOf(older).entries()]
        .filter(([name]) => !present.has(name))
        .map(([name, files]) => ({
          path: name,
          message: `no file declares the package ${name || '(none)'} any more`,
          ...(files[0] && { older: spot(files[0], [2]) }),
        }))
    },
  },
  ...kinds.map(({ rule, noun, of }): Rule => ({
    id: `PACKAGE_${rule}_NO_DELETE`,
    categories: ['PACKAGE'],
    purpose: `Every ${noun} stays in its package, in whichever file.`,
    compares: 'set',
    find: (older, newer) => {
      const newerPackages = packagesOf(newer)
      return [...packagesOf(older).entries()].flatMap(([name, files]) => {
        const now = newerPackages.get(name)
        if (!now) return []
        const present = new Set(now.flatMap(of).map(({ nestedName }) => nestedName))
        if (present.size === 0 && noun !== 'service') return [] // buf is silent where none of the kind is left in the package
        return files
          .flatMap(of)
          .filter(({ nestedName }) => !present.has(nestedName))
          .map((gone) => {
            const file = newer.files.filter(({ path }) => path === gone.file.path)
            const place = survivor(gone, noun === 'message' ? now : file) ?? (file[0] && spot(file[0]))
            return deleted(gone, noun, place, `the package ${name || '(none)'}`)
          })
      })
    },
  })),
]

function packagesOf(set: FileSet): Map<string, FileModel[]> {
  const packages = new Map<string, FileModel[]>()
  for (const file of set.files) packages.set(file.package, [...(packages.get(file.package) ?? []), file])
  return packages
}

function deleted(gone: Declaration, noun: string, newer: Spot | undefined, from: string): Report {
  return {
    path: gone.fullName,
    message: `${noun} ${gone.fullName} is gone from ${from}`,
    older: spotOf(gone),
    ...(newer && { newer }),
  }
}

/** The innermost message around the deleted declaration that is still there. */
function survivor({ nestedName }: Declaration, files: readonly FileModel[]): Spot | undefined {
  for (let end = nestedName.lastIndexOf('.'); end > 0; end = nestedName.lastIndexOf('.', end - 1)) {
    for (const file of files) {
      const outer = file.messages.find((message) => message.nestedName === nestedName.slice(0, end))
      if (outer) return spotOf(outer)
    }
  }
  return undefined
}
