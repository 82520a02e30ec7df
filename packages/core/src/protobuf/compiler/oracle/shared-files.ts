import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface SharedFile {
  /** Where it lies, for messages. */
  source: string
  main: string
  /** The file and everything around it that it can import, by path. */
  files: Record<string, string>
}

const data = join(import.meta.dirname, '../../../../../../../shared/data')

/** All .proto files of the shared data; none where it is absent. */
export function sharedFiles(): SharedFile[] {
  const histories = join(data, 'histories/protobuf')
  const cases = join(data, 'protobuf-breaking')
  if (!existsSync(histories) || !existsSync(cases)) return []
  const imports = folder(join(histories, '_imports'))
  const versions = Object.entries(folder(histories))
    .filter(([path]) => !path.startsWith('_imports/'))
    .map(([path, text]) => ({ source: path, main: basename(path), files: { ...imports, [basename(path)]: text } }))
  const imported = Object.keys(imports).map((main) => ({ source: main, main, files: imports }))
  const inCases = ['before', 'after'].flatMap((side) =>
    readdirSync(join(cases, side)).flatMap((name) => {
      const files = folder(join(cases, side, name))
      return Object.keys(files).map((main) => ({ source: `${side}/${name}/${main}`, main, files }))
    }),
  )
  return [...versions, ...imported, ...inCases]
}

function folder(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))
  return Object.fromEntries(
    names.filter((name) => name.endsWith('.proto')).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  )
}
