/** Under which policies a difference leaves the reader able to read: `both`, `LENIENT` only, or `neither`. */
export type Tolerated = 'both' | 'LENIENT' | 'neither'

export interface Rule {
  /** What the difference says about reader (the update) and writer (the original). */
  purpose: string
  tolerated: Tolerated
  /** What to change in the reader; there is nothing to change where both policies tolerate the difference. */
  advice?: string
}

/**
 * The differences that the structural comparison can find, by the names of Confluent's protocol. Some never arise (see
 * `docs/reference/json-schema.md`); they are here because the protocol knows them.
 */
export const rules = {
  SCHEMA_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader has a schema here where the writer has none',
    advice: 'leave the place without schema, or write a schema that allows everything',
  },
  SCHEMA_REMOVED: {
    tolerated: 'both',
    purpose: 'the writer has a schema here where the reader has none',
  },
  ID_CHANGED: {
    tolerated: 'both',
    purpose: 'the identifier differs',
  },
  TITLE_CHANGED: {
    tolerated: 'both',
    purpose: 'the title differs',
  },
  DESCRIPTION_CHANGED: {
    tolerated: 'both',
    purpose: 'the description differs',
  },
  DEFAULT_CHANGED: {
    tolerated: 'both',
    purpose: 'the default differs',
  },
  TYPE_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader takes any number where the writer writes integers',
  },
  TYPE_NARROWED: {
    tolerated: 'neither',
    purpose: 'the reader takes integers only where the writer writes any number',
    advice: 'keep "type": "number"',
  },
  TYPE_CHANGED: {
    tolerated: 'neither',
    purpose: 'the reader expects another kind of value than the writer writes',
    advice: 'keep the type, or allow both with "anyOf" and the former schema as one branch',
  },
  REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED: {
    tolerated: 'both',
    purpose: 'the reader requires a property that was optional and has a default',
  },
  REQUIRED_ATTRIBUTE_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader requires a property that the writer may leave out',
    advice: 'take it out of "required", or give the property a "default"',
  },
  REQUIRED_ATTRIBUTE_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer requires a property',
  },
  MAX_LENGTH_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a greatest length, the writer does not',
    advice: 'drop "maxLength"',
  },
  MAX_LENGTH_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a greatest length',
  },
  MAX_LENGTH_INCREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the greatest length is raised',
  },
  MAX_LENGTH_DECREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the greatest length is lowered',
    advice: 'keep "maxLength" as high as it was',
  },
  MAXIMUM_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a greatest number, the writer does not',
    advice: 'drop "maximum"',
  },
  MAXIMUM_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a greatest number',
  },
  MAXIMUM_INCREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the greatest number is raised',
  },
  MAXIMUM_DECREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the greatest number is lowered',
    advice: 'keep "maximum" as high as it was',
  },
  EXCLUSIVE_MAXIMUM_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader has a bound that numbers stay below, the writer has none',
    advice: 'drop "exclusiveMaximum"',
  },
  EXCLUSIVE_MAXIMUM_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader dropped the bound that numbers stay below',
  },
  EXCLUSIVE_MAXIMUM_INCREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the bound that numbers stay below is raised',
  },
  EXCLUSIVE_MAXIMUM_DECREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the bound that numbers stay below is lowered',
    advice: 'keep "exclusiveMaximum" as high as it was',
  },
  MAX_PROPERTIES_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a greatest number of properties, the writer does not',
    advice: 'drop "maxProperties"',
  },
  MAX_PROPERTIES_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a greatest number of properties',
  },
  MAX_PROPERTIES_INCREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the greatest number of properties is raised',
  },
  MAX_PROPERTIES_DECREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the greatest number of properties is lowered',
    advice: 'keep "maxProperties" as high as it was',
  },
  MAX_ITEMS_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a greatest number of items, the writer does not',
    advice: 'drop "maxItems"',
  },
  MAX_ITEMS_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a greatest number of items',
  },
  MAX_ITEMS_INCREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the greatest number of items is raised',
  },
  MAX_ITEMS_DECREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the greatest number of items is lowered',
    advice: 'keep "maxItems" as high as it was',
  },
  MAX_CONTAINS_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a greatest number of matching items, the writer does not',
    advice: 'drop "maxContains"',
  },
  MAX_CONTAINS_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a greatest number of matching items',
  },
  MAX_CONTAINS_INCREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the greatest number of matching items is raised',
  },
  MAX_CONTAINS_DECREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the greatest number of matching items is lowered',
    advice: 'keep "maxContains" as high as it was',
  },
  MIN_LENGTH_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a least length, the writer does not',
    advice: 'drop "minLength"',
  },
  MIN_LENGTH_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a least length',
  },
  MIN_LENGTH_INCREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the least length is raised',
    advice: 'keep "minLength" as low as it was',
  },
  MIN_LENGTH_DECREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the least length is lowered',
  },
  MINIMUM_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a least number, the writer does not',
    advice: 'drop "minimum"',
  },
  MINIMUM_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a least number',
  },
  MINIMUM_INCREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the least number is raised',
    advice: 'keep "minimum" as low as it was',
  },
  MINIMUM_DECREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the least number is lowered',
  },
  EXCLUSIVE_MINIMUM_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader has a bound that numbers stay above, the writer has none',
    advice: 'drop "exclusiveMinimum"',
  },
  EXCLUSIVE_MINIMUM_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader dropped the bound that numbers stay above',
  },
  EXCLUSIVE_MINIMUM_INCREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the bound that numbers stay above is raised',
    advice: 'keep "exclusiveMinimum" as low as it was',
  },
  EXCLUSIVE_MINIMUM_DECREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the bound that numbers stay above is lowered',
  },
  MIN_PROPERTIES_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a least number of properties, the writer does not',
    advice: 'drop "minProperties"',
  },
  MIN_PROPERTIES_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a least number of properties',
  },
  MIN_PROPERTIES_INCREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the least number of properties is raised',
    advice: 'keep "minProperties" as low as it was',
  },
  MIN_PROPERTIES_DECREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the least number of properties is lowered',
  },
  MIN_ITEMS_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a least number of items, the writer does not',
    advice: 'drop "minItems"',
  },
  MIN_ITEMS_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a least number of items',
  },
  MIN_ITEMS_INCREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the least number of items is raised',
    advice: 'keep "minItems" as low as it was',
  },
  MIN_ITEMS_DECREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the least number of items is lowered',
  },
  MIN_CONTAINS_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader sets a least number of matching items, the writer does not',
    advice: 'drop "contains", or set "minContains" to 0',
  },
  MIN_CONTAINS_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer sets a least number of matching items',
  },
  MIN_CONTAINS_INCREASED: {
    tolerated: 'neither',
    purpose: 'the reader allows less: the least number of matching items is raised',
    advice: 'keep "minContains" as low as it was',
  },
  MIN_CONTAINS_DECREASED: {
    tolerated: 'both',
    purpose: 'the reader allows more: the least number of matching items is lowered',
  },
  PATTERN_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader demands a pattern, the writer does not',
    advice: 'drop "pattern"',
  },
  PATTERN_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer demands a pattern',
  },
  PATTERN_CHANGED: {
    tolerated: 'neither',
    purpose: 'the reader demands another pattern than the writer',
    advice: 'keep "pattern" as it was',
  },
  MULTIPLE_OF_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader takes only multiples of a number, the writer writes others too',
    advice: 'drop "multipleOf"',
  },
  MULTIPLE_OF_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer asks for multiples of a number',
  },
  MULTIPLE_OF_EXPANDED: {
    tolerated: 'neither',
    purpose: 'the reader takes only multiples of a greater number',
    advice: 'keep "multipleOf" as it was',
  },
  MULTIPLE_OF_REDUCED: {
    tolerated: 'both',
    purpose: 'the reader takes multiples of a divisor of the former number',
  },
  MULTIPLE_OF_CHANGED: {
    tolerated: 'neither',
    purpose: 'the reader takes multiples of another number',
    advice: 'keep "multipleOf" as it was, or use a divisor of it',
  },
  UNIQUE_ITEMS_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader refuses lists with equal items, the writer may write them',
    advice: 'drop "uniqueItems"',
  },
  UNIQUE_ITEMS_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader takes lists with equal items now',
  },
  ENUM_ARRAY_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader knows more values',
  },
  ENUM_ARRAY_NARROWED: {
    tolerated: 'neither',
    purpose: 'the reader no longer knows values that the writer writes',
    advice: 'keep the missing values in the enum',
  },
  ENUM_ARRAY_CHANGED: {
    tolerated: 'neither',
    purpose: 'the reader knows other values than the writer writes',
    advice: 'keep the values that were there and add the new ones beside them',
  },
  DEPENDENCY_SCHEMA_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader puts a condition on objects that have a property',
    advice: 'drop the dependency',
  },
  DEPENDENCY_SCHEMA_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader dropped a condition on objects that have a property',
  },
  DEPENDENCY_ARRAY_ADDED: {
    tolerated: 'neither',
    purpose: 'the reader requires properties beside another one, the writer does not',
    advice: 'drop the dependency',
  },
  DEPENDENCY_ARRAY_REMOVED: {
    tolerated: 'both',
    purpose: 'the reader no longer requires properties beside another one',
  },
  DEPENDENCY_ARRAY_EXTENDED: {
    tolerated: 'neither',
    purpose: 'the reader requires more properties beside another one',
    advice: 'keep the list of dependent properties as it was',
  },
  DEPENDENCY_ARRAY_NARROWED: {
    tolerated: 'both',
    purpose: 'the reader requires fewer properties beside another one',
  },
  DEPENDENCY_ARRAY_CHANGED: {
    tolerated: 'neither',
    purpose: 'the reader requires other properties beside another one',
    advice: 'keep the list of dependent properties as it was, or shorten it',
  },
  ADDITIONAL_PROPERTIES_ADDED: {
    tolerated: 'both',
    purpose: 'the reader takes undeclared properties now',
  },
  ADDITIONAL_PROPERTIES_REMOVED: {
    tolerated: 'LENIENT',
    purpose: 'the reader refuses undeclared properties, the writer may write them',
    advice: 'leave "additionalProperties" open',
  },
  ADDITIONAL_PROPERTIES_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader takes any undeclared properties now',
  },
  ADDITIONAL_PROPERTIES_NARROWED: {
    tolerated: 'LENIENT',
    purpose: 'the reader takes only some undeclared properties, the writer may write any',
    advice: 'drop the schema of "additionalProperties"',
  },
  UNEVALUATED_PROPERTIES_ADDED: {
    tolerated: 'both',
    purpose: 'the reader takes unevaluated properties now',
  },
  UNEVALUATED_PROPERTIES_REMOVED: {
    tolerated: 'LENIENT',
    purpose: 'the reader refuses unevaluated properties, the writer may write them',
    advice: 'leave "unevaluatedProperties" open',
  },
  UNEVALUATED_PROPERTIES_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader takes any unevaluated properties now',
  },
  UNEVALUATED_PROPERTIES_NARROWED: {
    tolerated: 'LENIENT',
    purpose: 'the reader takes only some unevaluated properties, the writer may write any',
    advice: 'drop the schema of "unevaluatedProperties"',
  },
  ADDITIONAL_ITEMS_ADDED: {
    tolerated: 'both',
    purpose: 'the reader takes items beyond the listed positions now',
  },
  ADDITIONAL_ITEMS_REMOVED: {
    tolerated: 'neither',
    purpose: 'the reader refuses items beyond the listed positions, the writer may write them',
    advice: 'leave "additionalItems" open',
  },
  ADDITIONAL_ITEMS_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader takes any items beyond the listed positions now',
  },
  ADDITIONAL_ITEMS_NARROWED: {
    tolerated: 'neither',
    purpose: 'the reader takes only some items beyond the listed positions, the writer may write any',
    advice: 'drop the schema of "additionalItems"',
  },
  UNEVALUATED_ITEMS_ADDED: {
    tolerated: 'both',
    purpose: 'the reader takes unevaluated items now',
  },
  UNEVALUATED_ITEMS_REMOVED: {
    tolerated: 'neither',
    purpose: 'the reader refuses unevaluated items, the writer may write them',
    advice: 'leave "unevaluatedItems" open',
  },
  UNEVALUATED_ITEMS_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader takes any unevaluated items now',
  },
  UNEVALUATED_ITEMS_NARROWED: {
    tolerated: 'neither',
    purpose: 'the reader takes only some unevaluated items, the writer may write any',
    advice: 'drop the schema of "unevaluatedItems"',
  },
  COMBINED_TYPE_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader combines its branches less strictly',
  },
  COMBINED_TYPE_CHANGED: {
    tolerated: 'neither',
    purpose: 'the reader combines its branches more strictly',
    advice: 'keep the combining keyword ("allOf", "anyOf", "oneOf") as it was, or use "anyOf"',
  },
  COMBINED_TYPE_SUBSCHEMAS_CHANGED: {
    tolerated: 'neither',
    purpose: 'a branch of the writer fits no branch of the reader',
    advice: 'keep each former branch and add new ones beside them',
  },
  SUM_TYPE_EXTENDED: {
    tolerated: 'both',
    purpose: 'the reader has more alternatives',
  },
  SUM_TYPE_NARROWED: {
    tolerated: 'neither',
    purpose: 'the reader has fewer alternatives than the writer',
    advice: 'keep every alternative that was there',
  },
  PRODUCT_TYPE_EXTENDED: {
    tolerated: 'neither',
    purpose: 'the reader makes more demands at once',
    advice: 'drop the branches added to "allOf"',
  },
  PRODUCT_TYPE_NARROWED: {
    tolerated: 'both',
    purpose: 'the reader makes fewer demands at once',
  },
  NOT_TYPE_EXTENDED: {
    tolerated: 'neither',
    purpose: 'the reader excludes more than the writer',
    advice: 'keep the schema under "not" as it was, or narrow it',
  },
  NOT_TYPE_NARROWED: {
    tolerated: 'both',
    purpose: 'the reader excludes no more than the writer',
  },
  RESERVED_PROPERTY_REMOVED: {
    tolerated: 'neither',
    purpose: 'a reserved name is no longer reserved',
    advice: 'keep the name among the reserved ones',
  },
  RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY: {
    tolerated: 'neither',
    purpose: 'a property has a reserved name',
    advice: 'rename the property',
  },
  PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader declares a property that takes anything',
  },
  PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'a property that took nothing is gone from a closed schema',
  },
  PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader no longer declares a property, but still takes it',
  },
  PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader declares a property that fits what the writer allows there',
  },
  PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader no longer declares a property, but takes what the writer writes there',
  },
  PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL: {
    tolerated: 'LENIENT',
    purpose: 'the reader is closed and no longer declares a property that the writer may write',
    advice: 'keep the property, or open the schema for undeclared properties',
  },
  PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'LENIENT',
    purpose: 'the reader declares a property more narrowly than the writer allows undeclared properties there',
    advice: 'declare the property with what undeclared properties may hold',
  },
  PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'LENIENT',
    purpose: 'the reader no longer declares a property and takes something else there than the writer writes',
    advice: 'keep the property, or allow for undeclared properties what it held',
  },
  ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader declares a position that takes anything',
  },
  ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'a position that took nothing is gone from a closed schema',
  },
  ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader no longer declares a position, but still takes it',
  },
  ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader declares a position that fits what the writer allows there',
  },
  ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader no longer declares a position, but takes what the writer writes there',
  },
  ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL: {
    tolerated: 'neither',
    purpose: 'the reader is closed and no longer declares a position that the writer may write',
    advice: 'keep the position, or open the schema for undeclared positions',
  },
  ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'neither',
    purpose: 'the reader declares a position more narrowly than the writer allows undeclared positions there',
    advice: 'declare the position with what undeclared positions may hold',
  },
  ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: {
    tolerated: 'neither',
    purpose: 'the reader no longer declares a position and takes something else there than the writer writes',
    advice: 'keep the position, or allow for undeclared positions what it held',
  },
  PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: {
    tolerated: 'neither',
    purpose: 'the reader declares a property that the writer may already write with another meaning',
    advice: "close the writer's schema first",
  },
  REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader requires a new property that has a default',
  },
  OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader declares a new property that the writer cannot write',
  },
  ITEM_ADDED_TO_CLOSED_CONTENT_MODEL: {
    tolerated: 'both',
    purpose: 'the reader declares a position that the writer cannot fill',
  },
  REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL: {
    tolerated: 'LENIENT',
    purpose:
      'the reader requires and types a new property that the writer, being open, may already write with any value',
    advice: `close the writer's schema ("additionalProperties": false) before, or declare the property without constraints`,
  },
  OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: {
    tolerated: 'LENIENT',
    purpose: 'the reader types a new property that the writer, being open, may already write with any value',
    advice: `close the writer's schema ("additionalProperties": false) before, or declare the property without constraints`,
  },
  REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: {
    tolerated: 'neither',
    purpose: 'the reader requires a property that the writer does not declare',
    advice: 'make the property optional',
  },
  REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: {
    tolerated: 'neither',
    purpose: 'the reader requires a property that the writer cannot write',
    advice: 'make the property optional, or give it a "default"',
  },
  ITEM_ADDED_TO_OPEN_CONTENT_MODEL: {
    tolerated: 'neither',
    purpose: 'the reader types a position where the writer, being open, may already write any item',
    advice: "close the writer's list before, or leave the position without constraints",
  },
} as const satisfies Record<string, Rule>

export type RuleId = keyof typeof rules

export type StructuralPolicy = 'STRICT' | 'LENIENT'

/** Whether a difference is no break under a policy. */
export function tolerates(policy: StructuralPolicy, rule: RuleId): boolean {
  const { tolerated } = rules[rule]
  return tolerated === 'both' || tolerated === policy
}
