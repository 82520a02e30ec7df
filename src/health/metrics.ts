import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { CommitReport, StorageObserver } from '../storage/storage-observer.js'

/** What a server counts, in the Prometheus text format. Each server has its own registry of metrics. */
export class Metrics implements StorageObserver {
  private readonly registry = new Registry()

  private readonly requests = new Histogram({
    name: 'concordat_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers: [this.registry],
  })

  private readonly commitSeconds = new Histogram({
    name: 'concordat_storage_commit_seconds',
    help: 'Time for one commit: the units of work in it and the flush to the disk.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5],
    registers: [this.registry],
  })

  private readonly commitUnits = new Histogram({
    name: 'concordat_storage_commit_units',
    help: 'Units of work that shared one commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [this.registry],
  })

  constructor({ process = true } = {}) {
    if (process) collectDefaultMetrics({ register: this.registry })
  }

  readonly contentType = this.registry.contentType

  text(): Promise<string> {
    return this.registry.metrics()
  }

  onCommit({ units, seconds }: CommitReport): void {
    this.commitUnits.observe(units)
    this.commitSeconds.observe(seconds)
  }

  /** Shows how many writes wait, asked for when the metrics are read. */
  watchQueue(queued: () => number): void {
    new Gauge({
      name: 'concordat_storage_queued_writes',
      help: 'Units of work that wait for their turn to be written.',
      registers: [this.registry],
      collect() {
        this.set(queued())
      },
    })
  }

  /** Times every request by its route's pattern: paths themselves would make a series for each subject. */
  watchRequests(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
      this.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
      done()
    })
  }
}
