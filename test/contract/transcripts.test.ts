import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { NestFactory } from '@nestjs/core'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import 'reflect-metadata'
import { AppModule } from '../../src/app.module.js'
import { httpAdapter } from '../../src/http/http-server.js'
import { defaultOptions } from '../../src/service-options.js'
import { MemoryStorage } from '../../src/storage/memory/memory-storage.js'
import { difference, readAnswer, readTranscripts, type Answer, type Sequence, type Step } from './transcripts.js'
import { deviations } from './transcripts.deviations.js'

const agent = new Agent({ keepAlive: true })
const mediaType = 'application/vnd.schemaregistry.v1+json'

async function startRegistry(): Promise<NestFastifyApplication> {
  const settings = { ...defaultOptions, schemaValidation: 'confluent' as const }
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of({ settings, storage: new MemoryStorage() }),
    httpAdapter(settings),
    { abortOnError: false, bodyParser: false, logger: ['error'] },
  )
  await app.listen(0, '127.0.0.1')
  return app
}

/** Sends a step with its path as it stands: most clients would tidy it up. */
async function send(port: number, step: Step): Promise<Answer> {
  const payload = step.raw ?? (step.body === undefined ? undefined : JSON.stringify(step.body))
  const stated = Object.entries(step.headers ?? {}).map(([name, value]): [string, string | null] => [
    name.toLowerCase(),
    value,
  ])
  const all = { ...(payload !== undefined && { 'content-type': mediaType }), ...Object.fromEntries(stated) }
  const headers = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
  )
  const { method, path } = step
  const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }
  return new Promise((resolve, reject) => {
    const sent = request({ port, method, path, agent, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(readAnswer(path, response.statusCode ?? 0, Buffer.concat(chunks).toString())))
    })
    sent.on('error', reject).end(payload)
  })
}

describe.each(['scripted', 'random', 'rules'])('the %s recordings', (file) => {
  const sequences = readTranscripts(file)?.filter(({ area }) => area !== 'dek')
  if (!sequences) {
    console.log(`skipped: the recordings are not at ../shared/data/confluent/transcripts/${file}.jsonl`)
    it.todo('are not at hand')
    return
  }
  it.each(sequences.map((one): [string, Sequence] => [`${one.id}: ${one.title}`, one]))('%s', async (_, sequence) => {
    const app = await startRegistry()
    const { port } = app.getHttpServer().address() as AddressInfo
    const problems: string[] = []
    for (const [index, step] of sequence.steps.entries()) {
      const answer = await send(port, step)
      if (step.fault || deviations[sequence.id]?.steps.includes(index)) continue
      const found = difference(step, answer)
      if (found) problems.push(`step ${index} ${step.method} ${step.path}: ${found}`)
    }
    await app.close()
    if (problems.length > 0) throw new Error(problems.join('\n'))
  })
})
