import { Edition, type FeatureSet } from '@bufbuild/protobuf/wkt'
import type { Message } from '@bufbuild/protobuf'
import { isSet, type Rules } from './rules.js'

export type Target =
  'FILE' | 'EXTENSION_RANGE' | 'MESSAGE' | 'FIELD' | 'ONEOF' | 'ENUM' | 'ENUM_ENTRY' | 'SERVICE' | 'METHOD'

type FeatureName = Exclude<keyof FeatureSet, '$typeName' | '$unknown'>

interface FeatureUse {
  since: Edition
  targets: readonly Target[]
}

const everywhere: readonly Target[] = [
  'FILE',
  'EXTENSION_RANGE',
  'MESSAGE',
  'FIELD',
  'ONEOF',
  'ENUM',
  'ENUM_ENTRY',
  'SERVICE',
  'METHOD',
]

/** `targets` and `feature_support.edition_introduced` of the language's own features. */
const features: Readonly<Partial<Record<FeatureName, FeatureUse>>> = {
  fieldPresence: { since: Edition.EDITION_2023, targets: ['FIELD', 'FILE'] },
  enumType: { since: Edition.EDITION_2023, targets: ['ENUM', 'FILE'] },
  repeatedFieldEncoding: { since: Edition.EDITION_2023, targets: ['FIELD', 'FILE'] },
  utf8Validation: { since: Edition.EDITION_2023, targets: ['FIELD', 'FILE'] },
  messageEncoding: { since: Edition.EDITION_2023, targets: ['FIELD', 'FILE'] },
  jsonFormat: { since: Edition.EDITION_2023, targets: ['MESSAGE', 'ENUM', 'FILE'] },
  enforceNamingStyle: { since: Edition.EDITION_2024, targets: everywhere },
  defaultSymbolVisibility: { since: Edition.EDITION_2024, targets: ['FILE'] },
  enforceProtoLimits: { since: Edition.EDITION_2026, targets: ['ENUM', 'MESSAGE', 'FIELD', 'ONEOF'] },
}

type Options = Message & { features?: FeatureSet; javaMultipleFiles?: boolean }

/** Where and from which edition on options may be set. */
export function checkOptions(rules: Rules, element: object, options: Options | undefined, target: Target): void {
  if (!options) return
  if (rules.edition >= Edition.EDITION_2024 && isSet(options, 'javaMultipleFiles')) {
    rules.report(
      element,
      'there is no java_multiple_files from edition 2024 on',
      'use features.(pb.java).nest_in_file_class',
    )
  }
  const set = options.features
  if (!set) return
  if (rules.edition < Edition.EDITION_2023) {
    rules.report(element, 'features can be set in editions only', 'use edition = "2023" or later')
    return
  }
  for (const [name, use] of Object.entries(features)) {
    if (!use || !isSet(set, name as FeatureName)) continue
    const written = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    if (rules.edition < use.since) rules.report(element, `the feature ${written} is not there yet in this edition`)
    if (!use.targets.includes(target)) {
      rules.report(element, `the feature ${written} cannot be set on ${targetNames[target]}`)
    }
    if ((set as unknown as Record<string, unknown>)[name] === 0)
      rules.report(element, `the feature ${written} needs a value`)
  }
}

const targetNames: Record<Target, string> = {
  FILE: 'a file',
  EXTENSION_RANGE: 'an extension range',
  MESSAGE: 'a message',
  FIELD: 'a field',
  ONEOF: 'a oneof',
  ENUM: 'an enum',
  ENUM_ENTRY: 'an enum value',
  SERVICE: 'a service',
  METHOD: 'a method',
}
