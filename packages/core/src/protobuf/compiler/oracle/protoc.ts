import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema, type FileDescriptorSet } from '@bufbuild/protobuf/wkt'

const root = dirname(createRequire(import.meta.url).resolve('protoc/package.json'))
const names: Record<string, string> = {
  'linux x64': 'protoc-linux-x86_64',
  'linux arm64': 'protoc-linux-aarch_64',
  'darwin x64': 'protoc-osx-x86_64',
  'darwin arm64': 'protoc-osx-aarch_64',
  'win32 x64': 'protoc-win64.exe',
}
const binary = join(root, 'bin', names[`${process.platform} ${process.arch}`] ?? '')

/** What protoc makes of a file: its set with everything imported (the file comes last), or why it refuses. */
export type Compiled = { set: FileDescriptorSet } | { refusal: string }

/** Runs protoc on one file of a folder of its own. */
export function protoc(main: string, files: Readonly<Record<string, string>>): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'concordat-protoc-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const out = join(folder, 'out.bin')
    const include = join(root, 'include')
    const flags = ['--include_source_info', '--include_imports', '--retain_options', '-o', out]
    const run = spawnSync(binary, [`-I${folder}`, `-I${include}`, ...flags, main], { encoding: 'utf8' })
    if (run.error) throw run.error
    if (run.status !== 0) return { refusal: run.stderr }
    return { set: fromBinary(FileDescriptorSetSchema, readFileSync(out)) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
