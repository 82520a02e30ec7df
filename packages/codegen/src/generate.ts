import type { BindingInput, GeneratedFile } from './binding-input.js'

export declare function generate(input: BindingInput): GeneratedFile[]
