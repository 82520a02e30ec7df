import { isMessage } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label,
  FileDescriptorProtoSchema,
  type DescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { InvalidSchema } from '../../schema/invalid-schema.js'
import { parseText } from '../syntax/parser.js'
import type { OptionPaths } from '../syntax/locations.js'
import type { FileNode, Node } from '../syntax/tree.js'
import { wellKnownFile, wellKnownPaths } from '../well-known/index.js'
import { Diagnostics } from './diagnostics.js'
import { raise } from './raising.js'
import { defaultJsonName } from './names.js'
import { link } from './linker.js'
import { lower, type Lowered } from './lowering.js'
import { SymbolTable, declare } from './symbols.js'
import { validate } from './validation/index.js'

/** A file as it comes in: .proto text, its syntax tree, or a descriptor. */
export type FileSource = string | FileNode | FileDescriptorProto

/** Gives the file behind the path of an import, `undefined` if there is none. Built-in files need not be known to it. */
export type Importer = (path: string) => FileSource | undefined

export interface Compiled {
  tree: FileNode
  table: SymbolTable
  origins: ReadonlyMap<object, Node>
  optionPaths: OptionPaths
  /** Every imported file, transitively, each after those that it imports itself. */
  dependencies: FileDescriptorProto[]
  linked: boolean
  problem?: InvalidSchema
}

/** More files than anyone imports; a bound on what hostile references can cost. */
const maxFiles = 2000

/**
 * Compiles one file and everything that it imports.
 * @param text what a syntax tree was made of, for the positions of problems
 * @param strict whether the first problem is thrown; otherwise it is returned with what could be made
 * @throws InvalidSchema for text that does not parse, and with `strict` for every other problem
 */
export function compile(
  path: string,
  source: FileSource,
  importer: Importer,
  strict: boolean,
  text?: string,
): Compiled {
  return new Compilation(importer, strict).main(path, source, text)
}

const noOrigins: ReadonlyMap<object, Node> = new Map()

const noPaths: OptionPaths = new Map()

const noImports: Importer = () => undefined

/** The file that declares Protobuf's own options. */
function builtInOptions(): SymbolTable {
  const table = sharedWellKnown(descriptorPath)
  if (!table) throw new TypeError(`${descriptorPath} is not built in`)
  return table
}

interface Loaded {
  table: SymbolTable
  tree: FileNode | undefined
  origins: ReadonlyMap<object, Node>
  optionPaths: OptionPaths
}

class Compilation {
  private readonly loaded = new Map<string, Loaded>()
  private readonly loading: string[] = []
  private unresolved = false
  private problem?: InvalidSchema

  constructor(
    private readonly importer: Importer,
    private readonly strict: boolean,
  ) {}

  main(path: string, source: FileSource, text: string | undefined): Compiled {
    const { table, tree, origins, optionPaths } = this.file(path, source, text)
    const dependencies = [...this.loaded.values()].map((loaded) => loaded.table.file)
    const statements = tree ?? this.raised(table)
    return {
      tree: statements,
      table,
      origins,
      optionPaths,
      dependencies,
      linked: !this.unresolved,
      problem: this.problem,
    }
  }

  private raised(table: SymbolTable): FileNode {
    const diagnostics = new Diagnostics(this.strict, undefined)
    const tree = raise(table, builtInOptions, diagnostics)
    this.problem ??= diagnostics.problem
    return tree
  }

  /** A file that is imported; `undefined` if there is none. */
  load(path: string): Loaded | undefined {
    const known = this.loaded.get(path)
    if (known) return known
    const source = this.importer(path)
    if (source === undefined) {
      const shared = sharedWellKnown(path)
      return shared && this.addShared(shared)
    }
    if (this.loaded.size >= maxFiles) throw new InvalidSchema({ reason: `more than ${maxFiles} files are imported` })
    const loaded = this.file(path, source)
    this.loaded.set(path, loaded)
    return loaded
  }

  private addShared(table: SymbolTable): Loaded {
    for (const imported of table.imports) if (!this.loaded.has(imported.file.name)) this.addShared(imported)
    const loaded = { table, tree: undefined, origins: noOrigins, optionPaths: noPaths }
    this.loaded.set(table.file.name, loaded)
    return loaded
  }

  file(path: string, source: FileSource, mainText?: string): Loaded {
    const text = typeof source === 'string' ? source : undefined
    const diagnostics = new Diagnostics(this.strict, text ?? mainText)
    const isDescriptor = typeof source !== 'string' && isMessage(source, FileDescriptorProtoSchema)
    const tree = isDescriptor ? undefined : typeof source === 'string' ? parseText(source) : source
    if (isDescriptor) completeDescriptor(source)
    const lowered: Lowered = tree
      ? lower(tree, path, diagnostics)
      : {
          file: source as FileDescriptorProto,
          origins: new Map(),
          options: new Map(),
          optionPaths: new Map(),
          defaults: new Map(),
        }
    lowered.file.name = path
    const table = new SymbolTable(lowered.file)
    this.loading.push(path)
    this.imports(table, tree, diagnostics)
    this.loading.pop()
    const others = Array.from(this.loaded.values(), (loaded) => loaded.table)
    declare(table, others, diagnostics, lowered.origins)
    link(lowered, table, diagnostics, path === descriptorPath ? () => table : builtInOptions)
    validate(lowered, table, diagnostics)
    this.unresolved ||= diagnostics.unresolved
    this.problem ??= diagnostics.problem
    return { table, tree, origins: lowered.origins, optionPaths: lowered.optionPaths }
  }

  /** A problem inside an imported file is one of the import statement, too. */
  private import(path: string, node: Node | undefined, diagnostics: Diagnostics): Loaded | undefined {
    try {
      return this.load(path)
    } catch (error) {
      if (!(error instanceof InvalidSchema)) throw error
      const { reason, position, hint } = error
      const place = position ? ` (line ${position.line}, column ${position.column})` : ''
      return diagnostics.fail(node ?? path, `the imported file ${path} is invalid${place}: ${reason}`, hint)
    }
  }

  private imports(table: SymbolTable, tree: FileNode | undefined, diagnostics: Diagnostics): void {
    const { dependency, publicDependency, optionDependency } = table.file
    const nodes = tree?.statements.filter((statement) => statement.kind === 'import')
    const nodeOf = (path: string): Node | undefined => nodes?.find((node) => node.path === path)
    const direct = new Set<string>()
    for (const path of [...dependency, ...optionDependency]) {
      const node = nodeOf(path)
      if (direct.has(path)) {
        diagnostics.report(node, `"${path}" is imported twice`, 'remove one of the imports')
        continue
      }
      direct.add(path)
      if (path === table.file.name || this.loading.includes(path)) {
        diagnostics.report(node, `"${path}" imports itself, directly or through other files`, 'break the cycle')
        continue
      }
      if (isOddPath(path)) {
        diagnostics.report(
          node,
          `"${path}" is no import path`,
          'write names between single slashes, without "." and ".."',
        )
      }
      const loaded = this.import(path, node, diagnostics)
      if (!loaded) {
        diagnostics.unresolved = true
        diagnostics.report(node, `the imported file "${path}" is unknown`, 'send a reference whose name is this path')
        continue
      }
      const isOption = optionDependency.includes(path)
      table.imports.push(loaded.table)
      for (const seen of exported(loaded.table)) {
        if (!isOption) addOnce(table.visible, seen)
        addOnce(table.visibleToOptions, seen)
      }
      for (const reached of loaded.table.reachable) addOnce(table.reachable, reached)
      if (publicDependency.some((index) => dependency[index] === path)) addOnce(table.exported, loaded.table)
    }
  }
}

/** The descriptors of all built-in files. */
export function wellKnownDescriptors(): FileDescriptorProto[] {
  return wellKnownPaths.flatMap((path) => sharedWellKnown(path)?.file ?? [])
}

/** What protoc's own descriptors always have and others may leave out. */
function completeDescriptor(file: FileDescriptorProto): void {
  const completeField = (field: FieldDescriptorProto) => {
    if (field.jsonName === '') field.jsonName = defaultJsonName(field.name)
    if (!Object.hasOwn(field, 'label')) field.label = FieldDescriptorProto_Label.OPTIONAL
  }
  const completeMessage = (message: DescriptorProto) => {
    message.field.forEach(completeField)
    message.extension.forEach(completeField)
    message.nestedType.forEach(completeMessage)
  }
  file.messageType.forEach(completeMessage)
  file.extension.forEach(completeField)
}

/** What a file gives to those who import it: itself and what it imports publicly. */
function exported(table: SymbolTable, seen: SymbolTable[] = []): SymbolTable[] {
  addOnce(seen, table)
  for (const other of table.exported) if (!seen.includes(other)) exported(other, seen)
  return seen
}

function addOnce<T>(list: T[], item: T): void {
  if (!list.includes(item)) list.push(item)
}

const isOddPath = (path: string) =>
  path === '' || path.includes('\\') || path.split('/').some((part) => part === '' || part === '.' || part === '..')

const descriptorPath = 'google/protobuf/descriptor.proto'

const wellKnownTables = new Map<string, SymbolTable>()

/** Built-in files are the same for everybody and linked once. */
function sharedWellKnown(path: string): SymbolTable | undefined {
  const known = wellKnownTables.get(path)
  if (known) return known
  const file = wellKnownFile(path)
  if (!file) return undefined
  const { table } = new Compilation(noImports, true).file(path, file)
  wellKnownTables.set(path, table)
  return table
}
