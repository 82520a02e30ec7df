import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common'
import type { Verdict } from '@concordat/core'
import { body, list, object, text, type Decoder } from '../http/decode.js'
import { RegistryError } from '../http/errors.js'
import { schemaRequest, type SchemaRequest } from '../registry/schema-request.js'
import { SubjectPipe } from '../registry/subject.pipe.js'
import { formatSubject } from '../registry/subject-name.js'
import { parseVersion } from '../registry/version-number.js'
import type { SubjectKey } from '../storage/storage.port.js'
import { CheckService, type CheckReport } from './check.service.js'
import { DiffService } from './diff.service.js'

interface CheckBody {
  subject: string
  request: SchemaRequest
}

/** Each check costs parsing and comparing; more of them go into more requests. */
const mostChecks = 500

const subjectOf = object<{ subject?: string }>({ subject: text })

const checkBody: Decoder<CheckBody> = (value, path) => {
  const subject = subjectOf(value, path)?.subject
  const request = schemaRequest(value, path)
  if (!request) return undefined
  if (!subject) throw new RegistryError('badRequest', { detail: `${path} names no subject` })
  return { subject, request }
}

const checksBody = object<{ checks?: CheckBody[] }>({ checks: list(checkBody) })

/** Concordat's own routes about compatibility: verdicts with breaks, positions, fixes and proofs as data. */
@Controller('api/v1')
export class CompatibilityApiController {
  constructor(
    @Inject(CheckService) private readonly checks: CheckService,
    @Inject(DiffService) private readonly diffs: DiffService,
    @Inject(SubjectPipe) private readonly subjects: SubjectPipe,
  ) {}

  @Post('check')
  @HttpCode(200)
  async check(@Body() request: unknown): Promise<object> {
    const { checks = [] } = body(checksBody, request)
    if (checks.length > mostChecks)
      throw new RegistryError('badRequest', { detail: `there are more than ${mostChecks} checks` })
    const results: object[] = []
    for (const { subject, request: wanted } of checks)
      results.push(reportAnswer(await this.checks.report(await this.subjects.transform(subject), wanted)))
    return { results }
  }

  @Get('subjects/:subject/versions/:from/diff/:to')
  async diff(
    @Param('subject', SubjectPipe) subject: SubjectKey,
    @Param('from') from: string,
    @Param('to') to: string,
  ): Promise<object> {
    const diff = await this.diffs.diff(subject, parseVersion(from), parseVersion(to))
    return {
      subject: formatSubject(subject),
      from: diff.from,
      to: diff.to,
      changes: diff.changes,
      backward: verdictAnswer(diff.backward),
      forward: verdictAnswer(diff.forward),
    }
  }
}

function reportAnswer({ subject, compatible, level, policy, findings, invalid }: CheckReport): object {
  return {
    subject: formatSubject(subject),
    compatible,
    level,
    policy,
    findings: findings.map(({ version, direction, verdict, exact }) => ({
      version,
      direction,
      verdict: verdictAnswer(verdict),
      ...(exact && { exact: verdictAnswer(exact) }),
    })),
    ...(invalid && { invalid }),
  }
}

/** A verdict as JSON: the bytes of a witness as base64. */
function verdictAnswer(verdict: Verdict): object {
  if (verdict.outcome !== 'incompatible' || !verdict.witness) return verdict
  const { bytes, ...witness } = verdict.witness
  return { ...verdict, witness: { ...witness, ...(bytes && { bytes: Buffer.from(bytes).toString('base64') }) } }
}
