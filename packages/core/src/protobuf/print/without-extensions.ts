import type { FieldNode, FileNode, MessageNode, MessageStatement, OneofNode, OptionNode } from '../syntax/tree.js'

/** The tree without custom options, extensions and extension ranges. */
export function withoutExtensions(tree: FileNode): FileNode {
  return { ...tree, statements: strip(tree.statements) }
}

/** Confluent's own options (tags, documentation) stay. */
const isForeign = ({ name }: OptionNode) => name[0]?.extension === true && !/^\.?confluent\./.test(name[0].name)

const isExtension = (node: { kind: string }) =>
  node.kind === 'extend' || node.kind === 'extensions' || (node.kind === 'option' && isForeign(node as OptionNode))

type Part = FileNode['statements'][number] | MessageStatement | OneofNode['statements'][number]

/** Options are statements, or stand on the nodes that have them. */
function strip<N extends Part | { kind: string; options?: OptionNode[] }>(nodes: readonly N[]): N[] {
  return nodes.filter((node) => !isExtension(node)).map(stripNode)
}

function stripNode<N extends { kind: string }>(node: N): N {
  const copy = { ...node } as N &
    Partial<Pick<MessageNode, 'statements'>> &
    Partial<Pick<FieldNode, 'options' | 'group'>>
  if (copy.statements) copy.statements = strip(copy.statements)
  if (copy.options) copy.options = copy.options.filter((option) => !isExtension(option))
  if (copy.group) copy.group = strip(copy.group)
  return copy
}
