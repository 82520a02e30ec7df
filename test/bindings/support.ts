import { generate, type BindingInput, type EventInput, type GeneratedFile } from '@concordat/codegen'
import * as client from '@concordat/client'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import vm from 'node:vm'

const root = join(__dirname, '../..')

/** Input for one topic with one event. */
export function inputOf(
  type: EventInput['type'],
  text: string,
  more: Partial<EventInput> & { topic?: string } = {},
): BindingInput {
  const { topic = 'things', ...event } = more
  return {
    topics: [
      {
        name: topic,
        role: 'consumes',
        events: [{ type, text, references: [], subject: `${topic}-value`, version: 1, id: 42, ...event }],
      },
    ],
  }
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['@concordat/source'],
  strict: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
}

/**
 * Type-checks sets of files, each in a folder of its own, all in one program, as a service repository would.
 * @returns complaints by name of the set
 */
export function typeCheck(sets: Map<string, GeneratedFile[]>): Map<string, string[]> {
  const texts = new Map<string, { set: string; text: string }>()
  for (const [set, files] of sets) {
    for (const { path, text } of files) texts.set(join(root, 'test/bindings/in-memory', set, path), { set, text })
  }
  const host = ts.createCompilerHost(options)
  const disk = { ...host }
  const folders = new Set([...texts.keys()].map((path) => dirname(path)))
  host.fileExists = (path) => texts.has(path) || disk.fileExists(path)
  host.readFile = (path) => texts.get(path)?.text ?? disk.readFile(path)
  host.directoryExists = (path) => folders.has(path) || (disk.directoryExists?.(path) ?? false)
  const program = ts.createProgram([...texts.keys()], options, host)
  const complaints = new Map<string, string[]>()
  for (const [path, { set }] of texts) {
    const file = program.getSourceFile(path)
    const found = [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...program.getDeclarationDiagnostics(file),
    ].map(({ messageText, start }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
      return `${path.slice(path.lastIndexOf('/') + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
    if (found.length > 0) complaints.set(set, [...(complaints.get(set) ?? []), ...found])
  }
  return complaints
}

/**
 * Runs a generated file in a context of its own, with the real client.
 * @returns what it exports, and the globals of the context
 */
export function run(file: GeneratedFile): { exports: Record<string, unknown>; globals: Record<string, unknown> } {
  const { outputText } = ts.transpileModule(file.text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, verbatimModuleSyntax: false },
  })
  const exports: Record<string, unknown> = {}
  const globals = vm.createContext({
    exports,
    require: (name: string) => {
      if (name !== '@concordat/client') throw new Error(`generated code asks for ${name}`)
      return client
    },
  }) as Record<string, unknown>
  vm.runInContext(outputText, globals)
  return { exports, globals }
}

type AnyEvents = Record<string, { read: unknown; write: unknown }>

/** The file of the only topic. */
export function topicFile(files: GeneratedFile[]): GeneratedFile {
  const file = files.find(({ path }) => path !== 'index.ts')
  if (!file) throw new Error('no topic was generated')
  return file
}

/** The topic object among the exports of a generated file. */
export const topicIn = (exports: Record<string, unknown>) =>
  Object.values(exports).find((value) => typeof value === 'object') as client.Topic<AnyEvents>

/** Generates one topic and gives its object, ready without a registry. */
export async function topicOf(input: BindingInput): Promise<client.Topic<AnyEvents>> {
  const topic = topicIn(run(topicFile(generate(input))).exports)
  await topic.readyOffline()
  return topic
}

/** The topic's only event. */
export const eventOf = (topic: client.Topic<AnyEvents>): string => Object.keys(topic.definition.events)[0]
