import { connect, type Socket } from 'node:net'
import type { Round } from './figures.js'

export interface Load {
  url: string
  connections: number
  /** The next request as bytes; asked once for each request. */
  next: () => Buffer
  seconds: number
  cpuSeconds: () => Promise<number>
}

const headEnd = Buffer.from('\r\n\r\n')

/**
 * Sends requests over keep-alive connections, the next as soon as an answer is complete, with as little work of its own
 * as possible: the load comes from this process, and both servers have to get the same.
 */
export async function httpLoad({ url, connections, next, seconds, cpuSeconds }: Load): Promise<Round> {
  const { hostname, port } = new URL(url)
  const sockets = await Promise.all(
    Array.from({ length: connections }, () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      return new Promise<Socket>((resolve, reject) => {
        socket.once('connect', () => resolve(socket))
        socket.once('error', reject)
      })
    }),
  )
  let operations = 0
  const before = await cpuSeconds()
  const start = performance.now()
  const end = start + seconds * 1000
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve, reject) => {
          let buffered: Buffer = Buffer.alloc(0)
          socket.on('error', reject)
          socket.on('data', (chunk) => {
            buffered = buffered.length > 0 ? Buffer.concat([buffered, chunk]) : chunk
            const body = buffered.indexOf(headEnd)
            if (body < 0) return
            const head = buffered.toString('latin1', 0, body)
            const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? NaN)
            if (!head.startsWith('HTTP/1.1 200') || !(length >= 0)) {
              reject(new Error(`unexpected answer: ${buffered.toString('utf8', 0, 500)}`))
              return
            }
            if (buffered.length < body + 4 + length) return
            buffered = buffered.subarray(body + 4 + length)
            operations++
            if (performance.now() < end) socket.write(next())
            else resolve()
          })
          socket.write(next())
        }),
    ),
  )
  const elapsed = (performance.now() - start) / 1000
  const after = await cpuSeconds()
  for (const socket of sockets) socket.destroy()
  return { operations, seconds: elapsed, cpuSeconds: after - before }
}
