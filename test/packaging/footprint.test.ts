import { transformSync } from '@swc/core'
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(__dirname, '../..')

interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  scripts?: Record<string, string>
  gypfile?: boolean
}
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** What a package is at run time: its JavaScript, transpiled from the sources as they are now, and its other files. */
function stage(name: string, into: string): string {
  const [from, to] = [join(root, 'packages', name), join(into, name)]
  mkdirSync(to, { recursive: true })
  for (const file of readdirSync(from))
    if (file.endsWith('.json') && !file.startsWith('tsconfig')) cpSync(join(from, file), join(to, file))
  for (const file of readdirSync(join(from, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    const target = join(to, 'dist', file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    const { code } = transformSync(readFileSync(join(from, 'src', file), 'utf8'), {
      filename: file,
      jsc: {
        parser: { syntax: 'typescript' },
        target: 'es2022',
        preserveAllComments: true,
        experimental: { keepImportAttributes: true },
      },
      module: { type: 'es6' },
    })
    writeFileSync(target, code)
  }
  return to
}

/** Packs what is staged and gives the path of the tarball. */
function pack(folder: string, into: string): string {
  const answer = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', into], {
    cwd: folder,
    encoding: 'utf8',
  })
  const [{ filename }] = JSON.parse(answer) as { filename: string }[]
  return join(into, filename.replace('@', '').replace('/', '-'))
}

/**
 * Installs tarballs in an empty folder, from nothing but what they and their dependencies name; these are taken from the
 * repository, so that no registry is needed.
 * @returns name and folder of all that was installed
 */
function install(tarballs: Map<string, string>, wanted: string, into: string): Map<string, string> {
  const installed = new Map<string, string>()
  const pending: { name: string; from: string }[] = [{ name: wanted, from: root }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { name, from } = next
    if (installed.has(name)) continue
    const tarball = tarballs.get(name)
    const target = join(into, 'node_modules', name)
    mkdirSync(dirname(target), { recursive: true })
    if (tarball) {
      mkdirSync(target)
      execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
    } else
      cpSync(resolveFrom(name, from), target, {
        recursive: true,
        filter: (path) => !path.includes(`${name}/node_modules`),
      })
    installed.set(name, target)
    const origin = tarball ? root : resolveFrom(name, from)
    for (const dependency of Object.keys(manifestOf(target).dependencies ?? {}))
      pending.push({ name: dependency, from: origin })
  }
  return installed
}

/** The folder of a dependency as Node finds it: the nearest `node_modules` upwards. */
function resolveFrom(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(candidate)) return realpathSync(candidate)
    if (folder === dirname(folder)) throw new Error(`${name} is not installed in the repository`)
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => statSync(join(folder, file)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)
}

/** Packages that are compiled on the machine, or fetch a binary, when they are installed. */
function needsBuild(folder: string): boolean {
  const { scripts = {}, gypfile } = manifestOf(folder)
  return (
    gypfile === true ||
    existsSync(join(folder, 'binding.gyp')) ||
    ['preinstall', 'install'].some((name) => name in scripts)
  )
}

describe('what a service repository installs', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'concordat-packaging-'))
  const tarballs = new Map<string, string>()
  const installations = new Map<string, Map<string, string>>()
  const folderOf = (name: string) => join(scratch, name.replace('@concordat/', 'with-'))

  beforeAll(() => {
    for (const name of ['core', 'codegen', 'client', 'cli']) {
      tarballs.set(`@concordat/${name}`, pack(stage(name, join(scratch, 'staged')), scratch))
    }
    for (const name of ['@concordat/client', '@concordat/cli']) {
      installations.set(name, install(tarballs, name, folderOf(name)))
    }
  }, 120_000)
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  const installed = (name: string) => installations.get(name) ?? new Map<string, string>()

  it.each(['@concordat/client', '@concordat/cli'])(
    'with %s is no NestJS, no TypeORM and nothing that has to be built',
    (name) => {
      const names = [...installed(name).keys()]
      expect(names).toContain(name)
      expect(names.filter((one) => /^@nestjs\/|typeorm|sqlite|^pg$|fastify/.test(one))).toEqual([])
      expect([...installed(name)].filter(([, folder]) => needsBuild(folder)).map(([one]) => one)).toEqual([])
    },
  )

  it('with @concordat/client is ajv, protobufjs and what these need, and nothing else of ours', () => {
    const names = [...installed('@concordat/client').keys()]
    expect(names.filter((name) => name.startsWith('@concordat/'))).toEqual(['@concordat/client'])
    expect(names.length).toBeLessThan(15)
    const own = sizeOf(join(folderOf('@concordat/client'), 'node_modules/@concordat/client'))
    const all = sizeOf(join(folderOf('@concordat/client'), 'node_modules'))
    console.log(
      `@concordat/client: ${names.length} packages, ${(all / 1e6).toFixed(1)} MB, its own part ${(own / 1e3).toFixed(0)} kB`,
    )
    expect(own).toBeLessThan(500_000)
  })

  it('holds JavaScript and no sources, tests or maps', () => {
    for (const tarball of tarballs.values()) {
      const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
      expect(files.length).toBeGreaterThan(5)
      expect(files.filter((file) => /\.test\.|\.map$|\/src\/|(?<!\.d)\.ts$/.test(file))).toEqual([])
    }
  })

  it('works there: a topic of each format encodes and decodes', () => {
    const script = `
      import { defineTopic } from '@concordat/client'
      const event = { subject: 's', version: 1, id: 1 }
      const table = JSON.stringify({ messages: { M: { fields: [{ key: 'id', number: 1, type: 'string', label: 'implicit' }] } }, enums: {} })
      for (const E of [
        { ...event, format: 'AVRO', schema: '{"type":"record","name":"R","fields":[{"name":"id","type":"string"}]}' },
        { ...event, format: 'JSON', schema: '{"properties":{"id":{"type":"string","format":"uuid"}}}' },
        { ...event, format: 'PROTOBUF', schema: '', message: 'M', index: [0], table },
      ]) {
        const topic = defineTopic({ topic: 't', events: { E } })
        await topic.readyOffline()
        const id = '0b0e8a3c-8a0e-4f0e-9a47-d0a5b9a8f001'
        const read = topic.decode(topic.encode('E', { id }).value)
        if (!read.ok || read.value.id !== id) throw new Error(JSON.stringify(read))
        console.log(E.format)
      }`
    const file = join(folderOf('@concordat/client'), 'use.mjs')
    writeFileSync(file, script)
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe('AVRO\nJSON\nPROTOBUF\n')
  })

  it('works there: the command explains itself', () => {
    const main = join(folderOf('@concordat/cli'), 'node_modules/@concordat/cli/dist/main.js')
    expect(execFileSync(process.execPath, [main, '--help'], { encoding: 'utf8' })).toContain('generate')
  })
})
