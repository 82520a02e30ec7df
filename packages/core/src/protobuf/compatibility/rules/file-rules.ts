import type { FileOptions } from '@bufbuild/protobuf/wkt'
import { Edition, FileOptions_OptimizeMode as OptimizeMode } from '@bufbuild/protobuf/wkt'
import { type FileModel, tag } from '../file-set.js'
import { everywhere, generatedCode, generatedCodeAndSubject, type Report, type Rule, spot } from './rule.js'

/** File options that end up in generated code: rule suffix, name and number in descriptor.proto, value where unset. */
const options: readonly [suffix: string, name: string, number: number, value: (options?: FileOptions) => string][] = [
  ['CC_ENABLE_ARENAS', 'cc_enable_arenas', 31, (o) => String(o?.ccEnableArenas ?? true)],
  ['CC_GENERIC_SERVICES', 'cc_generic_services', 16, (o) => String(o?.ccGenericServices ?? false)],
  ['CSHARP_NAMESPACE', 'csharp_namespace', 37, (o) => o?.csharpNamespace ?? ''],
  ['GO_PACKAGE', 'go_package', 11, (o) => o?.goPackage ?? ''],
  ['JAVA_GENERIC_SERVICES', 'java_generic_services', 17, (o) => String(o?.javaGenericServices ?? false)],
  ['JAVA_MULTIPLE_FILES', 'java_multiple_files', 10, (o) => String(o?.javaMultipleFiles ?? false)],
  ['JAVA_OUTER_CLASSNAME', 'java_outer_classname', 8, (o) => o?.javaOuterClassname ?? ''],
  ['JAVA_PACKAGE', 'java_package', 1, (o) => o?.javaPackage ?? ''],
  ['OBJC_CLASS_PREFIX', 'objc_class_prefix', 36, (o) => o?.objcClassPrefix ?? ''],
  ['OPTIMIZE_FOR', 'optimize_for', 9, (o) => OptimizeMode[o?.optimizeFor ?? OptimizeMode.SPEED]],
  ['PHP_CLASS_PREFIX', 'php_class_prefix', 40, (o) => o?.phpClassPrefix ?? ''],
  ['PHP_METADATA_NAMESPACE', 'php_metadata_namespace', 44, (o) => o?.phpMetadataNamespace ?? ''],
  ['PHP_NAMESPACE', 'php_namespace', 41, (o) => o?.phpNamespace ?? ''],
  ['PY_GENERIC_SERVICES', 'py_generic_services', 18, (o) => String(o?.pyGenericServices ?? false)],
  ['RUBY_PACKAGE', 'ruby_package', 45, (o) => o?.rubyPackage ?? ''],
  ['SWIFT_PREFIX', 'swift_prefix', 39, (o) => o?.swiftPrefix ?? ''],
]

const sameOption = ([suffix, name, number, value]: (typeof options)[number]): Rule => ({
  id: `FILE_SAME_${suffix}`,
  categories: generatedCode,
  purpose: `The file option ${name} keeps its value: generated code is named or shaped by it.`,
  compares: 'file',
  find: (older, newer) =>
    changed(
      older,
      newer,
      [tag.file.options, number],
      value(older.descriptor.options),
      value(newer.descriptor.options),
      `option ${name}`,
    ),
})

export const fileRules: Rule[] = [
  {
    id: 'FILE_NO_DELETE',
    categories: ['FILE', 'CSR'],
    purpose: 'A file stays where it is: others import it by its path.',
    compares: 'set',
    find: (older, newer) => {
      const paths = new Set(newer.files.map(({ path }) => path))
      return older.files
        .filter(({ path }) => !paths.has(path))
        .map((file) => ({
          path: file.path,
          message: `the file ${file.path} is gone; whoever imports it no longer compiles`,
          older: spot(file),
        }))
    },
  },
  {
    id: 'FILE_SAME_PACKAGE',
    categories: everywhere,
    purpose: 'A file keeps its package: it is part of every full name in it.',
    compares: 'file',
    find: (older, newer) => changed(older, newer, [tag.file.package], older.package, newer.package, 'the package'),
  },
  {
    id: 'FILE_SAME_SYNTAX',
    categories: generatedCodeAndSubject,
    purpose: 'A file keeps its syntax or edition: presence, enums and generated code depend on it.',
    compares: 'file',
    find: (older, newer) => changed(older, newer, [tag.file.syntax], syntaxOf(older), syntaxOf(newer), 'the syntax'),
  },
  ...options.map(sameOption),
]

export function syntaxOf({ descriptor }: FileModel): string {
  if (descriptor.syntax === 'editions') return `edition ${Edition[descriptor.edition].replace('EDITION_', '')}`
  return descriptor.syntax || 'proto2'
}

function changed(
  older: FileModel,
  newer: FileModel,
  at: readonly number[],
  was: string,
  is: string,
  what: string,
): Report[] {
  if (was === is) return []
  const show = (value: string): string => (value === '' ? 'nothing' : value)
  return [
    {
      path: newer.path,
      message: `${what} of ${newer.path} changed from ${show(was)} to ${show(is)}`,
      older: spot(older, at),
      newer: spot(newer, at),
    },
  ]
}
