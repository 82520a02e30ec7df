import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StorageBusy } from '../storage-errors.js'
import type { CommitReport } from '../storage-observer.js'
import { Connection } from './connection.js'
import { GroupCommit, type Session } from './group-commit.js'

const folder = mkdtempSync(join(tmpdir(), 'concordat-group-commit-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

class RowSession implements Session {
  wrote = false
  private ended = false
  private readonly running: Promise<unknown>[] = []

  constructor(private readonly connection: Connection) {}

  insert(value: number): Promise<unknown> {
    if (this.ended) throw new Error('ended')
    this.wrote = true
    const statement = this.connection.run('INSERT INTO rows VALUES (?)', [value])
    this.running.push(statement)
    return statement
  }

  async end(): Promise<void> {
    this.ended = true
    await Promise.all(this.running)
  }
}

async function open({ queueLimit = 1000 } = {}) {
  const path = join(folder, `${files++}.db`)
  const connection = await Connection.open(path, ['journal_mode = WAL', 'busy_timeout = 50'])
  await connection.execute('CREATE TABLE rows (value INTEGER PRIMARY KEY)')
  const commits: CommitReport[] = []
  let undone = 0
  const writer = new GroupCommit({
    connection,
    openSession: () => new RowSession(connection),
    onUndo: () => undone++,
    onCommit: (report) => commits.push(report),
    queueLimit,
  })
  const rows = async () => (await connection.all<{ value: number }>('SELECT value FROM rows')).map(({ value }) => value)
  return { path, connection, writer, commits, rows, undone: () => undone }
}

describe('group commit', () => {
  it('makes many waiting units durable with few commits, at most 64 units each', async () => {
    const { writer, commits, rows, connection } = await open()
    await Promise.all(Array.from({ length: 200 }, (_, value) => writer.submit((session) => session.insert(value))))
    expect(commits.map(({ units }) => units)).toEqual([64, 64, 64, 8])
    expect(await rows()).toHaveLength(200)
    await connection.close()
  })

  it('runs a batch once when units refuse before they write', async () => {
    const { writer, commits, undone, connection } = await open()
    let runs = 0
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((value) =>
        writer.submit(async (session) => {
          runs++
          if (value === 2) throw new Error('no')
          await session.insert(value)
        }),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect({ runs, undone: undone(), commits: commits.length }).toEqual({ runs: 3, undone: 0, commits: 1 })
    await connection.close()
  })

  it('repeats a batch with savepoints when a unit refuses after it wrote, and answers each unit once', async () => {
    const { writer, rows, commits, connection } = await open()
    const runs = new Map<number, number>()
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((value) =>
        writer.submit(async (session) => {
          runs.set(value, (runs.get(value) ?? 0) + 1)
          await session.insert(value)
          if (value === 2) throw new Error('no')
          return value
        }),
      ),
    )
    expect(outcomes).toMatchObject([{ value: 1 }, { reason: { message: 'no' } }, { value: 3 }])
    expect(await rows()).toEqual([1, 3])
    expect([...runs.values()]).toEqual([2, 2, 1])
    expect(commits).toHaveLength(1)
    await connection.close()
  })

  it('refuses only the unit whose statement the database refuses', async () => {
    const { writer, rows, connection } = await open()
    const outcomes = await Promise.allSettled(
      [1, 1, 2].map((value) => writer.submit((session) => session.insert(value))),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT' } })
    expect(await rows()).toEqual([1, 2])
    await connection.close()
  })

  it('counts a statement that a unit did not wait for as part of that unit', async () => {
    const { writer, rows, connection } = await open()
    const careless = writer.submit((session) => {
      void session.insert(1)
      session.insert(1).catch(() => undefined)
      return Promise.resolve()
    })
    await expect(careless).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' })
    await writer.submit((session) => session.insert(2))
    expect(await rows()).toEqual([2])
    await connection.close()
  })

  it('refuses a unit beyond the limit of the queue at once and takes more when it has caught up', async () => {
    const { writer, connection } = await open({ queueLimit: 3 })
    const accepted = [1, 2, 3].map((value) => writer.submit((session) => session.insert(value)))
    expect(writer.queued).toBe(3)
    await expect(writer.submit((session) => session.insert(4))).rejects.toThrow(
      new StorageBusy('3 writes are waiting already; try again later'),
    )
    await Promise.all(accepted)
    await writer.submit((session) => session.insert(4))
    await connection.close()
  })

  it('rejects every unit of a batch that cannot be committed, and goes on with the next', async () => {
    const { writer, rows, path, connection } = await open()
    const other = await Connection.open(path, [])
    await other.execute('BEGIN IMMEDIATE')
    const outcomes = await Promise.allSettled([1, 2].map((value) => writer.submit((session) => session.insert(value))))
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { name: 'StorageBusy' } })
    await other.execute('ROLLBACK')
    await other.close()
    await writer.submit((session) => session.insert(3))
    expect(await rows()).toEqual([3])
    await connection.close()
  })

  it('finishes what it accepted when it is closed', async () => {
    const { writer, rows, connection } = await open()
    const accepted = [1, 2, 3].map((value) => writer.submit((session) => session.insert(value)))
    await writer.close()
    await Promise.all(accepted)
    expect(await rows()).toEqual([1, 2, 3])
    await expect(writer.submit((session) => session.insert(4))).rejects.toThrow('closed')
    await connection.close()
  })
})
