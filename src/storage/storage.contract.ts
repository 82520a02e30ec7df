import { isUnbroken, type JournalRecord } from './journal.js'
import type { Storage, StoredAssociation, StoredSchema, StoredVersion, WriteTransaction } from './storage.port.js'

export interface Engine {
  /** A storage without any data. */
  open(): Promise<Storage>
}

/** What every storage engine has to do: this suite runs against each of them. */
export function storageContract(name: string, engine: Engine): void {
  describe(`the ${name} storage`, () => {
    let storage: Storage
    beforeEach(async () => {
      storage = await engine.open()
    })
    afterEach(() => storage.close())

    describe('units of work', () => {
      it('are there for every read after they were acknowledged', async () => {
        for (let id = 1; id <= 20; id++) {
          await storage.write((tx) => tx.putSchema(schema({ id }), []))
          expect(await storage.read((tx) => tx.schema('.', id))).toEqual(schema({ id }))
        }
      })

      it('see what earlier units wrote, and what they wrote themselves', async () => {
        const numbers = Array.from({ length: 100 }, () =>
          storage.write(async (tx) => {
            const next = (await tx.highestId('.')) + 1
            await tx.raiseHighestId('.', next)
            expect(await tx.highestId('.')).toBe(next)
            return next
          }),
        )
        expect(await Promise.all(numbers)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
      })

      it('leave nothing behind when they refuse, and pass the refusal on', async () => {
        await expect(
          storage.write(async (tx) => {
            await everything(tx)
            throw new Error('refused')
          }),
        ).rejects.toThrow('refused')
        await storage.read(async (tx) => {
          expect(await tx.schema('.', 1)).toBeUndefined()
          expect(await tx.idsOfContent('.', 'content-1')).toEqual([])
          expect(await tx.schemasByGuid('guid-1')).toEqual([])
          expect(await tx.versions(orders)).toEqual([])
          expect(await tx.versionsOfId('.', 1)).toEqual([])
          expect(await tx.referrers({ ...orders, version: 1 })).toEqual([])
          expect(await tx.contexts()).toEqual([])
          expect(await tx.highestId('.')).toBe(0)
          expect(await tx.setting('config', 'a')).toBeUndefined()
          expect(await tx.associationsOfResource('r')).toEqual([])
          expect(await tx.journal(0, 10)).toEqual([])
        })
      })

      it('are not undone by the refusal of a neighbour: three requests, the first of them refused after it wrote', async () => {
        let release: () => void = () => undefined
        const secondAndThirdHaveBegun = new Promise<void>((resolve) => (release = resolve))
        const first = storage.write(async (tx) => {
          await tx.putSchema(schema({ id: 1 }), [])
          await secondAndThirdHaveBegun
          throw new Error('refused')
        })
        const second = storage.write(async (tx) => {
          await tx.putSchema(schema({ id: 2 }), [])
          await tx.putVersion(version({ version: 1, id: 2 }))
          return 'committed'
        })
        const third = storage.write((tx) => tx.putSchema(schema({ id: 3 }), []))
        release()
        await expect(first).rejects.toThrow('refused')
        await expect(second).resolves.toBe('committed')
        await third
        await storage.read(async (tx) => {
          expect(await tx.schema('.', 1)).toBeUndefined()
          expect(await tx.schema('.', 2)).toEqual(schema({ id: 2 }))
          expect(await tx.versions(orders)).toEqual([version({ version: 1, id: 2 })])
          expect(await tx.schema('.', 3)).toEqual(schema({ id: 3 }))
        })
      })

      it('keep their order and their results when some of many refuse, before or after writing', async () => {
        const units = Array.from({ length: 150 }, (_, index) =>
          storage.write(async (tx) => {
            const id = (await tx.highestId('.')) + 1
            if (index % 7 === 3) throw new Error(`early ${index}`)
            await tx.putSchema(schema({ id }), [])
            await tx.raiseHighestId('.', id)
            await tx.appendJournal(record({ payload: { id } }))
            if (index % 10 === 5) throw new Error(`late ${index}`)
            return id
          }),
        )
        const outcomes = await Promise.allSettled(units)
        const expected: number[] = []
        outcomes.forEach((outcome, index) => {
          if (index % 7 === 3) expect(outcome).toMatchObject({ reason: { message: `early ${index}` } })
          else if (index % 10 === 5) expect(outcome).toMatchObject({ reason: { message: `late ${index}` } })
          else expected.push((outcome as PromiseFulfilledResult<number>).value)
        })
        expect(expected).toEqual(expected.map((_, index) => index + 1))
        await storage.read(async (tx) => {
          expect(await tx.highestId('.')).toBe(expected.length)
          expect(await tx.schema('.', expected.length + 1)).toBeUndefined()
          const journal = await tx.journal(0, 1000)
          expect(journal.map(({ payload }) => payload.id)).toEqual(expected)
          expect(isUnbroken(journal)).toBe(true)
        })
      })

      it('are never seen half-written', async () => {
        const writes: Promise<unknown>[] = []
        const reads: Promise<unknown>[] = []
        for (let step = 1; step <= 40; step++) {
          writes.push(
            storage.write(async (tx) => {
              await tx.raiseHighestId('a', step)
              await tx.putSetting('config', { scope: 's', value: { step } })
              await tx.raiseHighestId('b', step)
            }),
          )
          reads.push(
            storage.read(async (tx) => {
              const first = await tx.setting('config', 's')
              const a = await tx.highestId('a')
              const value = await tx.setting('config', 's')
              const b = await tx.highestId('b')
              expect([a, first?.step ?? 0, value?.step ?? 0]).toEqual([b, b, b])
            }),
          )
          if (step % 5 === 0) await writes.at(-1)
        }
        await Promise.all([...writes, ...reads])
      })

      it('make earlier answers about contents and settings outdated at once', async () => {
        for (let round = 1; round <= 10; round++) {
          await storage.write(async (tx) => {
            await tx.removeSchema('.', 1)
            await tx.putSchema(schema({ id: 1, text: `text ${round}` }), [])
            if (round % 2) await tx.putSetting('mode', { scope: 's', value: { round } })
            else await tx.removeSetting('mode', 's')
            expect((await tx.schema('.', 1))?.text).toBe(`text ${round}`)
          })
          const seen = await storage.read(async (tx) => [
            await tx.setting('mode', 's'),
            (await tx.schema('.', 1))?.text,
          ])
          expect(seen).toEqual([round % 2 ? { round } : undefined, `text ${round}`])
          await storage
            .write(async (tx) => {
              await tx.removeSchema('.', 1)
              await tx.putSchema(schema({ id: 1, text: 'undone' }), [])
              await tx.schema('.', 1)
              throw new Error('refused')
            })
            .catch(() => undefined)
          expect((await storage.read((tx) => tx.schema('.', 1)))?.text).toBe(`text ${round}`)
        }
      })

      it('that were accepted are finished by closing, and later ones are rejected', async () => {
        const accepted = Array.from({ length: 10 }, (_, index) =>
          storage.write((tx) => tx.putSchema(schema({ id: index + 1 }), [])),
        )
        await storage.close()
        await Promise.all(accepted)
        await expect(storage.write((tx) => tx.putContext('.'))).rejects.toThrow('closed')
        await expect(storage.read((tx) => tx.contexts())).rejects.toThrow('closed')
      })
    })

    describe('schemas', () => {
      it('come back as they were put, whatever they are made of', async () => {
        const texts = ['"string"', ' ', 'æøå 🦊', '\0', '"\ud800"', 'a'.repeat(300_000), "'; DROP TABLE schemas; --"]
        for (const [index, text] of texts.entries()) {
          const stored = schema({
            id: index + 1,
            text,
            type: 'PROTOBUF',
            references: [{ name: 'n\0', subject: '\ud800', version: 2 }],
            metadata: { tags: { a: ['b'] }, properties: { ['__proto__']: 'x' }, sensitive: [] },
            ruleSet: { domainRules: [{ name: 'r', kind: 'CONDITION', mode: 'READ', type: 'CEL', disabled: true }] },
          })
          await storage.write((tx) => tx.putSchema(stored, []))
          expect(await storage.read((tx) => tx.schema('.', index + 1))).toEqual(stored)
        }
      })

      it('have ids of their own in each context', async () => {
        await storage.write(async (tx) => {
          await tx.putSchema(schema({ id: 1, text: 'one' }), [])
          await tx.putSchema(schema({ context: '.x', id: 1, text: 'other' }), [])
        })
        expect((await storage.read((tx) => tx.schema('.', 1)))?.text).toBe('one')
        expect((await storage.read((tx) => tx.schema('.x', 1)))?.text).toBe('other')
        expect(await storage.read((tx) => tx.schema('.y', 1))).toBeUndefined()
      })

      it('are found by guid in every context, ordered by context and id', async () => {
        await storage.write(async (tx) => {
          await tx.putSchema(schema({ context: '.b', id: 1, guid: 'g' }), [])
          await tx.putSchema(schema({ context: '.', id: 9, guid: 'g' }), [])
          await tx.putSchema(schema({ context: '.b', id: 2, guid: 'other' }), [])
        })
        const found = await storage.read((tx) => tx.schemasByGuid('g'))
        expect(found.map(({ context, id }) => [context, id])).toEqual([
          ['.', 9],
          ['.b', 1],
        ])
      })

      it('are found by content within a context, the one registered last at the end', async () => {
        await storage.write(async (tx) => {
          for (const id of [1, 2, 3]) await tx.putSchema(schema({ id, contentKey: 'c' }), [])
          await tx.putSchema(schema({ context: '.x', id: 4, contentKey: 'c' }), [])
          await tx.putVersion(version({ version: 1, id: 2 }))
          await tx.putVersion(version({ version: 2, id: 3 }))
          await tx.putVersion(version({ version: 3, id: 1 }))
        })
        expect(await storage.read((tx) => tx.idsOfContent('.', 'c'))).toEqual([2, 3, 1])
        await storage.write((tx) => tx.putVersion(version({ name: 'other', version: 1, id: 2 })))
        expect(await storage.read((tx) => tx.idsOfContent('.', 'c'))).toEqual([3, 1, 2])
        await storage.write((tx) => tx.removeVersion({ ...orders, version: 3 }))
        expect(await storage.read((tx) => tx.idsOfContent('.', 'c'))).toEqual([1, 3, 2])
        expect(await storage.read((tx) => tx.idsOfContent('.', 'd'))).toEqual([])
      })

      it('are gone with all that leads to them when they are removed', async () => {
        await storage.write(async (tx) => {
          await tx.putSchema(schema({ id: 1 }), [{ ...orders, version: 1 }])
          await tx.removeSchema('.', 1)
          await tx.removeSchema('.', 77)
        })
        await storage.read(async (tx) => {
          expect(await tx.schema('.', 1)).toBeUndefined()
          expect(await tx.schemasByGuid('guid-1')).toEqual([])
          expect(await tx.idsOfContent('.', 'content-1')).toEqual([])
          expect(await tx.referrers({ ...orders, version: 1 })).toEqual([])
        })
      })
    })

    describe('versions', () => {
      it('are listed by number, soft-deleted ones included', async () => {
        await storage.write(async (tx) => {
          for (const number of [10, 2, 1]) await tx.putVersion(version({ version: number }))
          await tx.softDeleteVersion({ ...orders, version: 2 }, 77)
          await tx.softDeleteVersion({ ...orders, version: 5 }, 77)
        })
        expect(await storage.read((tx) => tx.versions(orders))).toEqual([
          version({ version: 1 }),
          version({ version: 2, deleted: true, time: 77 }),
          version({ version: 10 }),
        ])
        expect(await storage.read((tx) => tx.version({ ...orders, version: 10 }))).toEqual(version({ version: 10 }))
        expect(await storage.read((tx) => tx.version({ ...orders, version: 3 }))).toBeUndefined()
      })

      it('of an id are listed in order of registration, which soft deletion does not change and replacement does', async () => {
        const names = async () =>
          (await storage.read((tx) => tx.versionsOfId('.', 1))).map(({ name, version }) => `${name}/${version}`)
        await storage.write(async (tx) => {
          await tx.putVersion(version({ name: 'b', version: 3 }))
          await tx.putVersion(version({ name: 'a', version: 1 }))
          await tx.putVersion(version({ name: 'c', version: 2, id: 2 }))
          await tx.softDeleteVersion({ context: '.', name: 'b', version: 3 }, 5)
        })
        expect(await names()).toEqual(['b/3', 'a/1'])
        await storage.write((tx) => tx.putVersion(version({ name: 'b', version: 3 })))
        expect(await names()).toEqual(['a/1', 'b/3'])
        await storage.write((tx) => tx.putVersion(version({ name: 'a', version: 1, id: 2 })))
        expect(await names()).toEqual(['b/3'])
      })

      it('are gone when they are removed', async () => {
        await storage.write(async (tx) => {
          await tx.putVersion(version({ version: 1 }))
          await tx.removeVersion({ ...orders, version: 1 })
          await tx.removeVersion({ ...orders, version: 1 })
        })
        expect(await storage.read((tx) => tx.versions(orders))).toEqual([])
        expect(await storage.read((tx) => tx.versionsOfId('.', 1))).toEqual([])
        expect(await storage.read((tx) => tx.subjectsInRange({ prefix: '' }))).toEqual([])
      })

      it('and subjects are listed by context and by the beginning of the name, in the order of UTF-16 code units', async () => {
        const subjects = [
          ['.', 'orders'],
          ['.', 'orders%'],
          ['.', 'Orders'],
          ['.', 'o_ders'],
          ['.', '\u{1f98a}'],
          ['.', '\uffee'],
          ['.x', 'orders'],
          ['.', ''],
        ] as const
        await storage.write(async (tx) => {
          for (const [context, name] of subjects) {
            await tx.putVersion(version({ context, name, version: 2 }))
            await tx.putVersion(version({ context, name, version: 1 }))
          }
          for (const number of [1, 2]) await tx.softDeleteVersion({ context: '.', name: 'Orders', version: number }, 5)
          await tx.softDeleteVersion({ context: '.x', name: 'orders', version: 2 }, 5)
        })
        await storage.read(async (tx) => {
          expect(await tx.subjectsInRange({ context: '.', prefix: '' })).toEqual([
            { context: '.', name: '', live: true },
            { context: '.', name: 'Orders', live: false },
            { context: '.', name: 'o_ders', live: true },
            { context: '.', name: 'orders', live: true },
            { context: '.', name: 'orders%', live: true },
            { context: '.', name: '\u{1f98a}', live: true },
            { context: '.', name: '\uffee', live: true },
          ])
          const named = (prefix: string, context?: string) =>
            tx
              .versionsInRange({ prefix, context })
              .then((all) => all.map((one) => [one.context, one.name, one.version]))
          expect(await named('orders%')).toEqual([
            ['.', 'orders%', 1],
            ['.', 'orders%', 2],
          ])
          expect(await named('o', '.x')).toEqual([
            ['.x', 'orders', 1],
            ['.x', 'orders', 2],
          ])
          expect(await named('\u{1f98a}')).toHaveLength(2)
          expect(await named('_rders')).toEqual([])
          expect(await named('nothing')).toEqual([])
        })
      })

      it('that refer to a version are found through the schema they hold, soft-deleted ones included', async () => {
        const target = { context: '.', name: 'common', version: 3 }
        await storage.write(async (tx) => {
          await tx.putSchema(schema({ id: 5 }), [target, target, { ...target, version: 4 }])
          await tx.putSchema(schema({ id: 6, context: '.x' }), [target])
          await tx.putVersion(version({ name: 'x', context: '.x', id: 6, version: 1 }))
          await tx.putVersion(version({ name: 'b', id: 5, version: 1 }))
          await tx.putVersion(version({ name: 'a', id: 5, version: 1 }))
          await tx.softDeleteVersion({ context: '.', name: 'a', version: 1 }, 5)
        })
        const names = async (version: number) =>
          (await storage.read((tx) => tx.referrers({ ...target, version }))).map(({ name }) => name)
        expect(await names(3)).toEqual(['b', 'a', 'x'])
        expect(await names(4)).toEqual(['b', 'a'])
        expect(await names(1)).toEqual([])
      })
    })

    it('keeps contexts by name, and the highest id of a context even when the context is removed', async () => {
      await storage.write(async (tx) => {
        for (const context of ['.b', '.', '.a', '.a']) await tx.putContext(context)
        await tx.raiseHighestId('.a', 7)
        await tx.raiseHighestId('.a', 3)
        await tx.removeContext('.a')
        await tx.removeContext('.none')
      })
      expect(await storage.read((tx) => tx.contexts())).toEqual(['.', '.b'])
      expect(await storage.read((tx) => tx.highestId('.a'))).toBe(7)
      expect(await storage.read((tx) => tx.highestId('.b'))).toBe(0)
    })

    it('keeps settings of two kinds by scope', async () => {
      const value = { compatibilityLevel: 'FULL', defaultMetadata: { properties: { ['__proto__']: 'x' } }, alias: null }
      await storage.write(async (tx) => {
        await tx.putSetting('config', { scope: ':.:a', value: { normalize: true } })
        await tx.putSetting('config', { scope: ':.:a', value })
        await tx.putSetting('config', { scope: ':.:B', value: {} })
        await tx.putSetting('config', { scope: ':.x:a', value: {} })
        await tx.putSetting('mode', { scope: ':.:a', value: { mode: 'IMPORT' } })
        await tx.removeSetting('mode', ':.:nothing')
      })
      await storage.read(async (tx) => {
        expect(await tx.setting('config', ':.:a')).toEqual(value)
        expect(await tx.setting('mode', ':.:a')).toEqual({ mode: 'IMPORT' })
        expect(await tx.setting('mode', ':.:B')).toBeUndefined()
        expect(await tx.settings('config', ':.:')).toEqual([
          { scope: ':.:B', value: {} },
          { scope: ':.:a', value },
        ])
        expect(await tx.settings('config', '')).toHaveLength(3)
      })
      await storage.write((tx) => tx.removeSetting('config', ':.:a'))
      expect(await storage.read((tx) => tx.setting('config', ':.:a'))).toBeUndefined()
    })

    it('finds associations by subject, by resource and by name, the oldest first', async () => {
      const key = association({ guid: 'k', associationType: 'key', createTs: 2 })
      const value = association({ guid: 'v', createTs: 1 })
      const other = association({ guid: 'o', resourceNamespace: 'lkc-2', resourceId: 'r2', subject: 's2', createTs: 3 })
      await storage.write(async (tx) => {
        for (const one of [key, { ...value, lifecycle: 'WEAK' as const }, other, value]) await tx.putAssociation(one)
      })
      await storage.read(async (tx) => {
        expect(await tx.associationsOfSubject({ context: '.', name: 's' })).toEqual([value, key])
        expect(await tx.associationsOfResource('r2')).toEqual([other])
        expect(await tx.associationsNamed('lkc', 'topic')).toEqual([value, key])
        expect(await tx.associationsNamed(undefined, 'topic')).toEqual([value, key, other])
        expect(await tx.associationsNamed('lkc-2', undefined)).toEqual([other])
        expect(await tx.associationsNamed(undefined, undefined)).toHaveLength(3)
      })
      await storage.write((tx) => tx.removeAssociation('k'))
      expect(await storage.read((tx) => tx.associationsOfSubject({ context: '.', name: 's' }))).toEqual([value])
    })

    it('keeps the journal gapless and chained, and pages through it', async () => {
      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          storage.write((tx) => tx.appendJournal(record({ payload: { index, 2: 'b', ['__proto__']: [null] } }))),
        ),
      )
      await storage.write(
        async (tx) => void (await Promise.all([tx.appendJournal(record()), tx.appendJournal(record())])),
      )
      const all = await storage.read((tx) => tx.journal(0, 100))
      expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1))
      expect(isUnbroken(all)).toBe(true)
      expect(await storage.read((tx) => tx.journal(10, 3))).toEqual(all.slice(10, 13))
      expect(isUnbroken(all.slice(10), all[9]?.hash)).toBe(true)
      expect(isUnbroken(all.toSpliced(4, 1))).toBe(false)
    })
  })
}

const orders = { context: '.', name: 'orders' }

const schema = (given: Partial<StoredSchema>): StoredSchema => ({
  context: '.',
  id: 1,
  contentKey: `content-${given.id ?? 1}`,
  guid: `guid-${given.id ?? 1}`,
  type: 'AVRO',
  text: '"string"',
  references: [],
  ...given,
})

const version = (given: Partial<StoredVersion>): StoredVersion => ({
  ...orders,
  version: 1,
  id: 1,
  deleted: false,
  time: 1_764_000_000_000,
  ...given,
})

const association = (given: Partial<StoredAssociation>): StoredAssociation => ({
  guid: 'g',
  context: '.',
  subject: 's',
  resourceName: 'topic',
  resourceNamespace: 'lkc',
  resourceId: 'r',
  resourceType: 'topic',
  associationType: 'value',
  lifecycle: 'STRONG',
  frozen: true,
  createTs: 1,
  updateTs: 1_764_000_000_000,
  ...given,
})

const record = (given: Partial<JournalRecord> = {}): JournalRecord => ({
  kind: 'version-registered',
  subject: 'orders',
  payload: {},
  time: 1_764_000_000_000,
  ...given,
})

async function everything(tx: WriteTransaction): Promise<void> {
  await tx.putContext('.')
  await tx.putSchema(schema({ id: 1 }), [{ ...orders, version: 1 }])
  await tx.putVersion(version({ version: 1 }))
  await tx.raiseHighestId('.', 1)
  await tx.putSetting('config', { scope: 'a', value: {} })
  await tx.putAssociation(association({}))
  await tx.appendJournal(record())
}
