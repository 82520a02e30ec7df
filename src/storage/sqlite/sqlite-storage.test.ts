import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUnbroken } from '../journal.js'
import { storageContract } from '../storage.contract.js'
import type { Connection } from './connection.js'
import { dataSource } from './migrate.js'
import { SqliteStorage } from './sqlite-storage.js'

const folder = mkdtempSync(join(tmpdir(), 'concordat-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const freshPath = () => join(folder, `${files++}`, 'registry.db')

storageContract('SQLite', { open: () => SqliteStorage.open({ path: freshPath() }) })

describe('the SQLite storage', () => {
  it('has the tables that the entities describe, no more and no less', async () => {
    const path = freshPath()
    await (await SqliteStorage.open({ path })).close()
    const source = await dataSource(path).initialize()
    const drift = await source.driver.createSchemaBuilder().log()
    await source.destroy()
    expect(drift.upQueries.map(({ query }) => query)).toEqual([])
  })

  it('can take its migrations back', async () => {
    const path = freshPath()
    await (await SqliteStorage.open({ path })).close()
    const source = await dataSource(path).initialize()
    await source.undoLastMigration()
    const tables = await source.query<{ name: string }[]>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'migrations'",
    )
    await source.destroy()
    expect(tables).toEqual([])
  })

  it('keeps everything over a restart, and continues the journal where it ended', async () => {
    const path = freshPath()
    const record = { kind: 'mode-set', subject: 's', payload: {}, time: 1 } as const
    const first = await SqliteStorage.open({ path })
    await first.write(async (tx) => {
      await tx.raiseHighestId('.', 5)
      await tx.putContext('.')
      await tx.appendJournal(record)
    })
    await first.close()
    const second = await SqliteStorage.open({ path })
    await second.write((tx) => tx.appendJournal(record))
    const journal = await second.read((tx) => tx.journal(0, 10))
    expect(await second.read((tx) => tx.highestId('.'))).toBe(5)
    await second.close()
    expect(journal.map(({ sequence }) => sequence)).toEqual([1, 2])
    expect(isUnbroken(journal)).toBe(true)
  })

  it('writes through to the disk with every commit, and its readers cannot write', async () => {
    const path = freshPath()
    const storage = await SqliteStorage.open({ path })
    // What a unit sees of its own connection: the port has no SQL, so the test looks at the engine's handle.
    const pragma = async (tx: unknown, name: string) => {
      const { connection } = tx as { connection: Connection }
      const row = await connection.first(`PRAGMA ${name}`)
      return row && Object.values(row)[0]
    }
    await storage.write(async (tx) => {
      expect(await pragma(tx, 'journal_mode')).toBe('wal')
      expect(await pragma(tx, 'synchronous')).toBe(2)
    })
    await storage.read(async (tx) => {
      expect(await pragma(tx, 'query_only')).toBe(1)
      const { connection } = tx as unknown as { connection: Connection }
      await expect(connection.run('DELETE FROM journal')).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
    })
    await storage.close()
  })

  it('refuses the use of a transaction after its unit has ended', async () => {
    const storage = await SqliteStorage.open({ path: freshPath() })
    const kept = await storage.write((tx) => Promise.resolve({ tx }))
    await expect(kept.tx.putContext('.late')).rejects.toThrow('has ended')
    const read = await storage.read((tx) => Promise.resolve({ tx }))
    await expect(read.tx.contexts()).rejects.toThrow('has ended')
    await storage.close()
  })

  it('serves more readers than it has connections, also after reads that failed', async () => {
    const storage = await SqliteStorage.open({ path: freshPath() })
    const failed = Array.from({ length: 10 }, () =>
      storage.read(async (tx) => {
        await tx.contexts()
        throw new Error('no')
      }),
    )
    for (const read of failed) await expect(read).rejects.toThrow('no')
    await expect(
      Promise.all(Array.from({ length: 50 }, () => storage.read((tx) => tx.contexts()))),
    ).resolves.toHaveLength(50)
    await storage.close()
  })

  it('does not open a file that is open already, and opens it when it has been closed', async () => {
    const path = freshPath()
    const first = await SqliteStorage.open({ path })
    await expect(SqliteStorage.open({ path })).rejects.toThrow('another process uses this database')
    await first.close()
    await (await SqliteStorage.open({ path })).close()
  })

  it.each([
    ['a folder', () => folder, /SQLITE_CANTOPEN/],
    ['a file that is no database', () => noDatabase(), /SQLITE_NOTADB/],
    ['a path below a file', () => join(noDatabase(), 'x.db'), /ENOTDIR|EEXIST/],
  ])('does not open %s', async (_, path, reason) => {
    await expect(SqliteStorage.open({ path: path() })).rejects.toThrow(reason)
  })
})

function noDatabase(): string {
  const path = join(folder, `${files++}.txt`)
  writeFileSync(path, 'no database '.repeat(100))
  return path
}
