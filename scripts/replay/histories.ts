import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { SchemaType } from '@concordat/core'

/** One subject of a folder of histories: `{avro,json,protobuf}/<subject>/v001…`, oldest first. */
export interface History {
  subject: string
  type: SchemaType
  versions: HistoryVersion[]
}

export interface HistoryVersion {
  /** As in the file's name, such as `v003`. */
  label: string
  /** Relative to the folder of histories. */
  file: string
  text: string
}

export interface Histories {
  subjects: History[]
  /** Protobuf files under `protobuf/_imports`, by import path. */
  imports: Map<string, string>
}

const folders: { name: string; type: SchemaType }[] = [
  { name: 'avro', type: 'AVRO' },
  { name: 'json', type: 'JSON' },
  { name: 'protobuf', type: 'PROTOBUF' },
]

export function readHistories(directory: string): Histories {
  const subjects: History[] = []
  for (const { name, type } of folders) {
    const folder = join(directory, name)
    if (!existsSync(folder)) continue
    for (const subject of subfolders(folder).filter((entry) => !entry.startsWith('_'))) {
      const files = readdirSync(join(folder, subject)).filter((file) => /^v\d+\.\w+$/.test(file))
      const versions = files.sort().map((file) => ({
        label: file.replace(/\.\w+$/, ''),
        file: join(name, subject, file),
        text: readFileSync(join(folder, subject, file), 'utf8'),
      }))
      if (versions.length > 0) subjects.push({ subject, type, versions })
    }
  }
  return { subjects, imports: readImports(join(directory, 'protobuf', '_imports')) }
}

function readImports(folder: string): Map<string, string> {
  const imports = new Map<string, string>()
  if (!existsSync(folder)) return imports
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.proto'))
  for (const file of files.sort()) {
    const path = join(folder, file)
    imports.set(relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8'))
  }
  return imports
}

const subfolders = (folder: string): string[] =>
  readdirSync(folder)
    .filter((entry) => statSync(join(folder, entry)).isDirectory())
    .sort()
