import fc from 'fast-check'
import { CompatibilityService } from '../../src/compatibility/compatibility.service.js'
import { defaultSettings } from '../../src/config/index.js'
import { RegistryError } from '../../src/http/errors.js'
import { DeletionService } from '../../src/registry/deletion.service.js'
import { LookupService } from '../../src/registry/lookup.service.js'
import { ReadingService } from '../../src/registry/reading.service.js'
import { RegistrationService } from '../../src/registry/registration.service.js'
import { SchemaParser } from '../../src/registry/schema-parser.js'
import { requestOf } from '../../src/registry/schema-request.js'
import { Scopes } from '../../src/settings/scopes.js'
import { SettingsService } from '../../src/settings/settings.service.js'
import { isUnbroken } from '../../src/storage/journal.js'
import { MemoryStorage } from '../../src/storage/memory/memory-storage.js'
import type { SubjectKey } from '../../src/storage/storage.port.js'
import { RegistryModel, type Mode, type Outcome, type Place, type Target } from './registry-model.js'

/** Four schemas that read one another, so that the model needs to know nothing about compatibility. */
const schemas = ['"int"', '{"type":"int","a":1}', '{"type":"int","b":2}', '{"type":"int","c":3}']

const places = fc.record({ context: fc.constantFrom('.', '.x'), subject: fc.constantFrom('a', 'b') })
const targets = fc.record({
  context: fc.constantFrom('.', '.x'),
  subject: fc.constantFrom('a', 'b'),
  schema: fc.nat(3),
})
const scopes = fc.constantFrom<('subject' | 'context')[]>('subject', 'context')

const scopeReader = new Scopes(defaultSettings)
// What these two remember is the same for every registry, so they serve all histories.
const parser = new SchemaParser()
const compatibility = new CompatibilityService(parser)

/** The real registry, its services put together as the application does it. */
class Registry {
  readonly storage = new MemoryStorage()
  readonly registration = new RegistrationService(this.storage, scopeReader, parser, compatibility)
  readonly lookups = new LookupService(this.storage, scopeReader, parser)
  readonly deletion = new DeletionService(this.storage, scopeReader)
  readonly reading = new ReadingService(this.storage)
  readonly settings = new SettingsService(this.storage, defaultSettings, scopeReader)
}

type Step = fc.AsyncCommand<RegistryModel, Registry>

class Command implements Step {
  constructor(
    private readonly name: string,
    private readonly onModel: (model: RegistryModel) => unknown,
    private readonly onReal: (real: Registry) => Promise<unknown>,
  ) {}
  check = () => true
  async run(model: RegistryModel, real: Registry): Promise<void> {
    expect(await this.onReal(real).catch(outcomeOfError)).toEqual(this.onModel(model))
  }
  toString = () => this.name
}

function outcomeOfError(error: unknown): Outcome {
  if (error instanceof RegistryError) return { status: error.status, code: error.code }
  throw error
}

const keyOf = ({ context, subject }: Place): SubjectKey => ({ context, name: subject })
const scopeOf = (place: Place, scope: 'subject' | 'context'): SubjectKey => ({
  context: place.context,
  name: scope === 'subject' ? place.subject : '',
})
const requestFor = ({ schema }: Target) => requestOf({ schema: schemas[schema], schemaType: 'AVRO', references: [] })

const commands: fc.Arbitrary<Step>[] = [
  targets.map(
    (target) =>
      new Command(
        `register ${JSON.stringify(target)}`,
        (model) => model.register(target),
        async (real) => {
          const { schema, version } = await real.registration.register(keyOf(target), requestFor(target), {
            normalize: false,
            force: false,
          })
          return { status: 200, id: schema.id, version: version.version }
        },
      ),
  ),
  fc.tuple(targets, fc.boolean()).map(
    ([target, deleted]) =>
      new Command(
        `look up ${JSON.stringify({ ...target, deleted })}`,
        // Unqualified subjects are looked for in other contexts too; the model says nothing about that.
        (model) => model.lookup({ ...target, context: '.x' }, deleted),
        async (real) => {
          const { schema, version } = await real.lookups.lookup(
            { context: '.x', name: target.subject },
            requestFor(target),
            { normalize: false, deleted },
          )
          return { status: 200, id: schema.id, version: version.version }
        },
      ),
  ),
  fc.tuple(places, fc.boolean()).map(
    ([place, permanent]) =>
      new Command(
        `delete ${JSON.stringify({ ...place, permanent })}`,
        (model) => model.deleteSubject(place, permanent),
        async (real) => ({ status: 200, versions: await real.deletion.deleteSubject(keyOf(place), permanent) }),
      ),
  ),
  fc.tuple(places, fc.integer({ min: 1, max: 5 }), fc.boolean()).map(
    ([place, version, permanent]) =>
      new Command(
        `delete version ${JSON.stringify({ ...place, version, permanent })}`,
        (model) => model.deleteVersion(place, version, permanent),
        async (real) => ({
          status: 200,
          versions: [await real.deletion.deleteVersion(keyOf(place), version, permanent)],
        }),
      ),
  ),
  fc.tuple(places, fc.boolean()).map(
    ([place, deleted]) =>
      new Command(
        `list ${JSON.stringify({ ...place, deleted })}`,
        (model) => model.versions(place, deleted),
        async (real) => {
          const shown = deleted ? 'all' : 'live'
          const versions = await real.reading.versions(keyOf(place), shown)
          if (versions.length === 0) return { status: 404, code: 40401 }
          return { status: 200, versions: versions.map(({ version }) => version) }
        },
      ),
  ),
  fc.tuple(places, fc.boolean()).map(
    ([place, deleted]) =>
      new Command(
        `list the subjects of ${JSON.stringify({ ...place, deleted })}`,
        (model) => model.subjects(place, deleted),
        async (real) => {
          const prefix = place.context === '.' ? '' : `:${place.context}:`
          const subjects = await real.reading.subjects(prefix, deleted ? 'all' : 'live')
          return subjects.map((subject) => subject.slice(prefix.length))
        },
      ),
  ),
  fc.tuple(places, fc.integer({ min: 1, max: 6 })).map(
    ([place, id]) =>
      new Command(
        `read id ${JSON.stringify({ ...place, id })}`,
        (model) => {
          const schema = model.schema(place, id)
          return schema === undefined ? { status: 404, code: 40403 } : schemas[schema]
        },
        async (real) => {
          const scope = place.context === '.' ? '' : `:${place.context}:`
          return (await real.reading.byId(id, scope)).schema.text
        },
      ),
  ),
  fc.tuple(places, scopes, fc.constantFrom<Mode[]>('READWRITE', 'READONLY')).map(
    ([place, scope, mode]) =>
      new Command(
        `set mode ${JSON.stringify({ ...place, scope, mode })}`,
        (model) => model.setMode(place, scope, mode),
        (real) => real.settings.changeMode(scopeOf(place, scope), { mode, echo: mode }, false),
      ),
  ),
  fc.tuple(places, scopes).map(
    ([place, scope]) =>
      new Command(
        `remove mode ${JSON.stringify({ ...place, scope })}`,
        (model) => model.removeMode(place, scope),
        async (real) => {
          await real.settings.removeMode(scopeOf(place, scope), false)
          return { status: 200 }
        },
      ),
  ),
  places.map(
    (place) =>
      new Command(
        `read mode ${JSON.stringify(place)}`,
        (model) => model.mode(place),
        (real) => real.settings.mode(keyOf(place), true),
      ),
  ),
]

const runs = 10_000

it(`does what a plain model of it does, in ${runs} random histories`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 30, size: 'max' }), async (history) => {
      const real = new Registry()
      await fc.asyncModelRun(() => ({ model: new RegistryModel(), real }), history)
      const journal = await real.storage.read((tx) => tx.journal(0, 1000))
      expect(isUnbroken(journal)).toBe(true)
    }),
    { numRuns: runs, seed: 20261122 },
  )
}, 600_000)
