import sqlite3 from 'sqlite3'

// The anchor of `registrations`: 64 callers that each wait for a durable row of the same size, written with the sqlite3
// driver in group commits and nothing else. Same settings as the registry: WAL, synchronous FULL.

const [path = '', callers = '64', bytes = '1024'] = process.argv.slice(2)
const database = new sqlite3.Database(path)
const execute = (sql: string) =>
  new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())))

await execute(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT, fingerprint TEXT UNIQUE)',
)
const insert = await new Promise<sqlite3.Statement>((resolve, reject) => {
  const made: sqlite3.Statement = database.prepare(
    'INSERT INTO rows (text, fingerprint) VALUES (?, ?)',
    (error: Error | null) => (error ? reject(error) : resolve(made)),
  )
})

const waiting: { text: string; done: () => void }[] = []
let draining = false
let rows = 0

async function drain(): Promise<void> {
  draining = true
  while (waiting.length > 0) {
    const batch = waiting.splice(0, 64)
    await execute('BEGIN IMMEDIATE')
    for (const { text } of batch) {
      await new Promise<void>((resolve, reject) =>
        insert.run([text, `fingerprint-${rows++}`], (error: Error | null) => (error ? reject(error) : resolve())),
      )
    }
    await execute('COMMIT')
    for (const { done } of batch) done()
  }
  draining = false
}

const write = (text: string) =>
  new Promise<void>((done) => {
    waiting.push({ text, done })
    if (!draining) void drain()
  })

async function run(seconds: number) {
  const before = process.cpuUsage()
  const start = performance.now()
  const end = start + seconds * 1000
  let operations = 0
  const caller = async () => {
    while (performance.now() < end) {
      await write('x'.repeat(Number(bytes)))
      operations++
    }
  }
  await Promise.all(Array.from({ length: Number(callers) }, caller))
  const { user, system } = process.cpuUsage(before)
  return { operations, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 }
}

process.on('message', (message: { seconds: number }) => {
  void run(message.seconds).then((round) => process.send?.(round))
})
process.send?.({})
