import { Compiler } from './compile/compiler.js'
import { DeclaredKeys } from './compile/declared-keys.js'
import { formatTest } from './compile/formats.js'
import { patternFormula } from './compile/patterns.js'
import { References } from './compile/references.js'
import type { Arena } from './logic/arena.js'
import { holds } from './logic/holds.js'
import type { Id } from './logic/node.js'
import type { SchemaDocument } from './schema-document.js'
import type { ExactValue } from './values/exact-value.js'
import { ajvAccepts, ajvConfirms, type PatternTest } from './validate/ajv.js'
import { Evaluator, type Failure } from './validate/evaluator.js'

/** One schema in the forms that a verdict needs: as a formula, as the specification reads it, as ajv reads it. */
export class CompiledDocument {
  readonly references: References
  private readonly evaluator: Evaluator
  private readonly matches: PatternTest

  constructor(
    readonly document: SchemaDocument,
    private readonly arena: Arena,
    private readonly assertFormats: boolean,
    private readonly formulas = new Map<string, Id>(),
  ) {
    this.references = new References(document)
    this.matches = (pattern, text) => holds(arena, patternFormula(pattern, arena), text)
    this.evaluator = new Evaluator(
      this.references,
      {
        matches: this.matches,
        hasFormat: assertFormats ? (name, text) => formatTest(name)?.(text) ?? true : undefined,
      },
      () => arena.languages.meter.spend(),
    )
  }

  formula(): Id {
    return new Compiler(this.arena, this.references, this.assertFormats, this.formulas).root()
  }

  /** Messages without undeclared properties. */
  declaredOnly(): Id {
    return new DeclaredKeys(this.arena, this.references).formula()
  }

  /** Why the value is not valid; undefined if it is. */
  failure(value: ExactValue): Failure | undefined {
    return this.evaluator.validate(value)
  }

  /** @param failure what the evaluator found wrong with the value under the reader, which is this document */
  ajvConfirms(writer: CompiledDocument, value: ExactValue, { at }: Failure): boolean {
    if (at.resource !== undefined) return false
    const documents = { writer: writer.document, reader: this.document }
    return ajvConfirms(documents, value, at.pointer, this.matches, this.assertFormats)
  }

  ajvAccepts(value: ExactValue): boolean | undefined {
    return ajvAccepts(this.document, value, this.matches, this.assertFormats)
  }
}
