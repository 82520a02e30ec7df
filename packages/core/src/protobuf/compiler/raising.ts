import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import type { FileNode } from '../syntax/tree.js'
import type { SymbolTable } from './symbols.js'

export function raise(file: FileDescriptorProto, table: SymbolTable): FileNode {
  void table
  throw new TypeError(`not yet: ${file.name}`)
}
