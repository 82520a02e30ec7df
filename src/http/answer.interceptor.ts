import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { map, type Observable } from 'rxjs'
import { SERVICE_OPTIONS, type ServiceOptions } from '../service-options.js'
import { bodyOf } from './answer.js'
import { acceptsNewMembers, heldBack } from './held-back.js'

/** Puts what a controller returns into bytes, so that the framework changes neither them nor the content type. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(@Inject(SERVICE_OPTIONS) private readonly options: ServiceOptions) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<Buffer | undefined> {
    const request = context.switchToHttp().getRequest<FastifyRequest>()
    const holdsBack = this.options.holdBackNewMembers && !acceptsNewMembers(request)
    return next.handle().pipe(map((answer: unknown) => bodyOf(holdsBack ? heldBack(answer, request) : answer)))
  }
}
