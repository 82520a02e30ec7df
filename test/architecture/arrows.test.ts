import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

const root = join(__dirname, '../..')

/** What the files of a part may import of ours, and whether they may use Node. */
interface Part {
  folder: string
  ours: string[]
  node: boolean
  /** Whose dependencies it may import. */
  manifest: string
}

const parts: Part[] = [
  { folder: 'packages/core/src', ours: [], node: false, manifest: 'packages/core' },
  { folder: 'packages/client/src', ours: [], node: false, manifest: 'packages/client' },
  { folder: 'packages/codegen/src', ours: ['@concordat/core'], node: false, manifest: 'packages/codegen' },
  {
    folder: 'packages/cli/src',
    ours: ['@concordat/client', '@concordat/codegen', '@concordat/core'],
    node: true,
    manifest: 'packages/cli',
  },
  { folder: 'src', ours: ['@concordat/codegen', '@concordat/core'], node: true, manifest: '.' },
]

/** Packages of the storage engines, and the only folders that know them. */
const engines = /^(?:typeorm|sqlite3|pg)$/
const engineFolders = /^(?:src\/storage|migrations)\//

/** Folders of what only tests use. */
const helpers = /(?:^|\/)(?:testing|oracle)\//

interface Import {
  file: string
  module: string
}

function importsOf(part: Part): Import[] {
  const files = readdirSync(join(root, part.folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !helpers.test(file))
    .flatMap((file) => {
      const path = join(part.folder, file)
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, path), 'utf8'), true, true)
      return importedFiles.map(({ fileName }) => ({ file: path, module: fileName }))
    })
}

const packageOf = (module: string) => module.split('/', module.startsWith('@') ? 2 : 1).join('/')
const isRelative = (module: string) => module.startsWith('.')
const isNode = (module: string) => module.startsWith('node:') || builtinModules.includes(module)

/** The imports that a part should not have, each with the reason. */
function wrong(part: Part, imports: Import[]): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, part.manifest, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  const reasonAgainst = ({ file, module }: Import): string | undefined => {
    if (isRelative(module)) {
      const target = relative(root, join(root, dirname(file), module))
      if (helpers.test(target)) return 'needs what is for tests'
      const isMigration = target.startsWith('migrations/') && engineFolders.test(file)
      return target.startsWith(`${part.folder}/`) || isMigration ? undefined : 'leaves its package'
    }
    const name = packageOf(module)
    if (isNode(module)) return part.node ? undefined : 'uses Node where everything is pure'
    if (engines.test(name) && !engineFolders.test(file)) return 'knows a storage engine'
    if (name.startsWith('@concordat/') && !part.ours.includes(name)) return 'is an arrow in the wrong direction'
    return Object.hasOwn(dependencies, name) ? undefined : `is no dependency of ${part.manifest}`
  }
  return imports.flatMap((one) => {
    const reason = reasonAgainst(one)
    return reason ? [`${one.file} imports ${one.module}: ${reason}`] : []
  })
}

describe('the arrows between the parts', () => {
  it.each(parts)('of $folder point the right way', (part) => {
    const imports = importsOf(part)
    expect(imports.length).toBeGreaterThan(10)
    expect(wrong(part, imports)).toEqual([])
  })

  it('would be seen if they pointed the wrong way', () => {
    const [core, client, codegen, , service] = parts
    const seen = (part: Part, module: string) => wrong(part, [{ file: `${part.folder}/x/y.ts`, module }]).length
    expect(seen(core, '@concordat/client')).toBe(1)
    expect(seen(core, 'node:fs')).toBe(1)
    expect(seen(client, '@concordat/core')).toBe(1)
    expect(seen(client, '../../../core/src/index.js')).toBe(1)
    expect(seen(codegen, '@concordat/client')).toBe(1)
    expect(seen(service, '@concordat/cli')).toBe(1)
    expect(seen(service, 'typeorm')).toBe(1)
    expect(seen(service, 'left-pad')).toBe(1)
    expect(seen(service, './testing/fake.js')).toBe(1)
    expect(seen(service, '../storage/port.js')).toBe(0)
  })
})
