import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteStorage } from '../../src/storage/sqlite/sqlite-storage.js'
import { spawnServer } from '../support/server-process.js'

const folder = mkdtempSync(join(tmpdir(), 'concordat-process-'))
afterAll(() => rmSync(folder, { recursive: true }))
jest.setTimeout(120_000)

const json = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
const send = async (url: string, path: string, method = 'GET', body?: unknown) =>
  (
    await fetch(`${url}${path}`, { method, headers: json, body: body === undefined ? undefined : JSON.stringify(body) })
  ).json() as Promise<Record<string, unknown>>

const record = (fields: string[]) =>
  JSON.stringify({
    type: 'record',
    name: 'R',
    fields: fields.map((name) => ({ name, type: 'int', default: 0 })),
  })

describe('concordat-server', () => {
  it('prints one line when it is ready, logs JSON lines and ends with 0 on SIGTERM', async () => {
    const server = spawnServer(['--port', '0', '--database', 'memory:'])
    const url = await server.ready
    await send(url, '/subjects/a/versions?token=secret', 'POST', { schema: '"string"' })
    await send(url, '/subjects')
    server.signal('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(server.stdout()).toBe(`Concordat is ready at ${url}\n`)
    const events = server
      .stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(events.map(({ msg }) => msg)).toEqual(['database opened', 'listening', 'request', 'ending', 'ended'])
    expect(events[2]).toMatchObject({ level: 'info', method: 'POST', path: '/subjects/a/versions', status: 200 })
    expect(server.stderr()).not.toContain('secret')
  })

  it('answers what it has begun when it is asked to end, and keeps it', async () => {
    const database = `sqlite:${join(folder, 'end', 'registry.db')}`
    const server = spawnServer(['--port', '0', '--database', database, '--log-level', 'warn'])
    const url = await server.ready
    const answered: { subject: string; status: number }[] = []
    const caller = async (name: number) => {
      for (let n = 0; ; n++) {
        const subject = `e${name}-${n}`
        const body = JSON.stringify({ schema: record([subject.replace('-', '_')]) })
        const answer = await fetch(`${url}/subjects/${subject}/versions`, {
          method: 'POST',
          headers: json,
          body,
        }).catch(
          () => undefined, // the port is closed
        )
        if (!answer) return
        answered.push({ subject, status: answer.status })
        if (answered.length === 60) server.signal('SIGTERM')
      }
    }
    await Promise.all(Array.from({ length: 12 }, (_, name) => caller(name)))
    expect(await server.ended).toBe(0)
    expect(answered.filter(({ status }) => status !== 200)).toEqual([])
    const storage = await SqliteStorage.open({ path: database.slice('sqlite:'.length) })
    const subjects = await storage.read((tx) => tx.subjectsInRange({ prefix: '' }))
    await storage.close()
    expect(subjects.map(({ name }) => name)).toEqual(expect.arrayContaining(answered.map(({ subject }) => subject)))
  })

  it('keeps schemas, ids, versions, settings and deletions over a stop and a start', async () => {
    const database = `sqlite:${join(folder, 'restart', 'registry.db')}`
    const looks = [
      '/schemas/ids/1',
      '/schemas/ids/2',
      '/subjects/a/versions',
      '/subjects/a/versions/latest',
      '/config/a',
      '/subjects?deleted=true',
    ]
    const first = spawnServer(['--port', '0', '--database', database])
    const url = await first.ready
    await send(url, '/subjects/a/versions', 'POST', { schema: record(['x']) })
    await send(url, '/subjects/a/versions', 'POST', { schema: record(['x', 'y']) })
    await send(url, '/subjects/b/versions', 'POST', { schema: record(['x']) })
    await send(url, '/subjects/b', 'DELETE')
    await send(url, '/config/a', 'PUT', { compatibility: 'FULL' })
    const before = await Promise.all(looks.map((path) => send(url, path)))
    expect(before[3]).toMatchObject({ id: 2, version: 2 })
    first.signal('SIGINT')
    expect(await first.ended).toBe(0)

    const second = spawnServer(['--port', '0'], { CONCORDAT_DATABASE: database })
    const again = await second.ready
    expect(await Promise.all(looks.map((path) => send(again, path)))).toEqual(before)
    expect(await send(again, '/subjects/a/versions', 'POST', { schema: record(['x']) })).toMatchObject({
      id: 1,
      version: 1,
    })
    expect(await send(again, '/subjects/a/versions', 'POST', { schema: record(['x', 'y', 'z']) })).toMatchObject({
      id: 3,
      version: 3,
    })
    second.signal('SIGTERM')
    expect(await second.ended).toBe(0)
  })

  it('says that a port is taken and ends with 1', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const server = spawnServer(['--port', `${port}`, '--database', 'memory:'])
    expect(await server.ended).toBe(1)
    taken.close()
    expect(server.stdout()).toBe('')
    expect(lastLine(server.stderr())).toBe(
      `concordat-server: cannot listen on 127.0.0.1, port ${port}: the port is taken by another process; choose another one with --port`,
    )
  })

  it('says that a database cannot be opened and ends with 1', async () => {
    const file = join(folder, 'notes.txt')
    writeFileSync(file, 'no database '.repeat(100))
    const server = spawnServer(['--port', '0', '--database', `sqlite:${file}`])
    expect(await server.ended).toBe(1)
    expect(lastLine(server.stderr())).toMatch(
      /^concordat-server: the database sqlite:.*notes\.txt cannot be opened: SQLITE_NOTADB/,
    )
  })

  it('does not open a database that another server uses', async () => {
    const database = `sqlite:${join(folder, 'shared.db')}`
    const first = spawnServer(['--port', '0', '--database', database])
    await first.ready
    const second = spawnServer(['--port', '0', '--database', database])
    expect(await second.ended).toBe(1)
    expect(lastLine(second.stderr())).toContain('another process uses this database')
    first.signal('SIGKILL')
    await first.ended
    const third = spawnServer(['--port', '0', '--database', database])
    await third.ready
    third.signal('SIGTERM')
    expect(await third.ended).toBe(0)
  })

  it('refuses a wrong option at once with 2, and shows help and version with 0', async () => {
    const [wrong, help, version] = [spawnServer(['--prot', '1']), spawnServer(['--help']), spawnServer(['--version'])]
    expect(await wrong.ended).toBe(2)
    expect(wrong.stderr()).toContain('there is no option "--prot"; did you mean --port?')
    expect(await help.ended).toBe(0)
    expect(help.stdout()).toContain('--database URL')
    expect(await version.ended).toBe(0)
    expect(version.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('loses nothing that was acknowledged when it is killed in the middle of a storm of registrations', async () => {
    const database = `sqlite:${join(folder, 'storm', 'registry.db')}`
    const server = spawnServer(['--port', '0', '--database', database, '--log-level', 'warn'])
    const url = await server.ready
    const acknowledged: { subject: string; fields: string[]; id: number; version: number }[] = []
    let sent = 0
    const caller = async (subject: string) => {
      for (;;) {
        const fields = [`f${sent++}`]
        const answer = await send(url, `/subjects/${subject}/versions`, 'POST', { schema: record(fields) }).catch(
          () => undefined,
        )
        if (!answer) return
        acknowledged.push({ subject, fields, id: Number(answer.id), version: Number(answer.version) })
        if (acknowledged.length === 150) server.signal('SIGKILL')
      }
    }
    await send(url, '/config', 'PUT', { compatibility: 'NONE' })
    await Promise.all(Array.from({ length: 24 }, (_, index) => caller(`s${index % 6}`)))
    expect(await server.ended).toBe('SIGKILL')
    expect(acknowledged.length).toBeGreaterThanOrEqual(150)

    const restarted = spawnServer(['--port', '0', '--database', database])
    const again = await restarted.ready
    for (const { subject, fields, id, version } of acknowledged) {
      expect(await send(again, `/subjects/${subject}/versions/${version}`)).toMatchObject({
        id,
        schema: record(fields),
      })
    }
    for (let index = 0; index < 6; index++) {
      const versions = (await send(again, `/subjects/s${index}/versions`)) as unknown as number[]
      expect(versions).toEqual(versions.map((_, at) => at + 1))
    }
    const next = await send(again, '/subjects/s0/versions', 'POST', { schema: record(['afterwards']) })
    expect(Number(next.id)).toBeGreaterThan(Math.max(...acknowledged.map(({ id }) => id)))
    restarted.signal('SIGTERM')
    expect(await restarted.ended).toBe(0)
  })
})

const lastLine = (text: string) => text.trim().split('\n').at(-1)
