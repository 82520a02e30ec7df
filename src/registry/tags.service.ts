import { Inject, Injectable } from '@nestjs/common'
import type { Metadata, RuleSet } from '@concordat/core'
import type { EntityTags } from '@concordat/core/tags'
import { metadata, ruleSet } from '../contracts/contract-body.js'
import { mergeRuleSets, withoutRules, withVersion } from '../contracts/merge.js'
import { validateRuleSet } from '../contracts/validate-rule-set.js'
import { body, integer, list, object, text } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'
import { STORAGE, type Storage, type SubjectKey } from '../storage/storage.port.js'
import { latest, ReadingService } from './reading.service.js'
import { editedTags, RegistrationService, type Registered } from './registration.service.js'
import { entityTags, requestOf } from './schema-request.js'
import { isValidSubject, formatSubject } from './subject-name.js'

/** Changes of tags, metadata and rules that make a new version with the same schema. */
interface TagsRequest {
  newVersion: number
  tagsToAdd: EntityTags[]
  tagsToRemove: EntityTags[]
  metadata: Metadata
  ruleSet: RuleSet
  rulesToMerge: RuleSet
  rulesToRemove: string[]
}

const tagsRequest = object<Partial<TagsRequest>>({
  newVersion: integer,
  tagsToAdd: list(entityTags),
  tagsToRemove: list(entityTags),
  metadata,
  ruleSet,
  rulesToMerge: ruleSet,
  rulesToRemove: list(text),
})

/** Makes a new version of a subject from one that is there. */
@Injectable()
export class TagsService {
  constructor(
    @Inject(STORAGE) private readonly storage: Storage,
    @Inject(ReadingService) private readonly reading: ReadingService,
    @Inject(RegistrationService) private readonly registration: RegistrationService,
  ) {}

  /** @throws RegistryError 40401, 40402, 40901, 42201, 42202, 42208, 42210 */
  async change(subject: SubjectKey, version: number | 'latest', requested: unknown): Promise<Registered> {
    const request = body(tagsRequest, requested)
    const { schema } = await this.reading.version(subject, version, false)
    const versions = await this.storage.read((tx) => tx.versions(subject))
    const next = (versions.at(-1)?.version ?? 0) + 1
    const changesRules = request.rulesToMerge !== undefined || request.rulesToRemove !== undefined
    if (request.ruleSet && changesRules)
      throw new RegistryError('invalidRuleSet', {
        detail: 'ruleSet replaces the rules, so nothing can be merged or removed beside it',
      })
    validateRuleSet(request.rulesToMerge)
    validateRuleSet(request.ruleSet)
    if (!isValidSubject(subject, 'schemas'))
      throw new RegistryError('invalidSubject', { subject: formatSubject(subject) })
    const newest = await this.storage.read(async (tx) => {
      const found = await latest(tx, subject)
      return found && tx.schema(subject.context, found.id)
    })
    const merged = mergeRuleSets(newest?.ruleSet, request.rulesToMerge)
    const rules = changesRules ? merged && withoutRules(merged, request.rulesToRemove ?? []) : request.ruleSet
    const number = request.newVersion ?? next
    // Edited here and not by the registration: a place that does not exist is refused whatever the mode says.
    const edited = editedTags(schema.type, schema.text, request.tagsToAdd ?? [], request.tagsToRemove ?? [])
    const registration = {
      ...requestOf({ schema: edited, schemaType: schema.type, references: schema.references }),
      // Stated already, so that the latest version's metadata is not taken over in its place.
      metadata: withVersion(request.metadata ?? schema.metadata, number),
      ruleSet: rules,
      version: number,
    }
    return this.registration.registerChecked(subject, registration, { normalize: false, force: false })
  }
}
