import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import { map, type Observable } from 'rxjs'
import { bodyOf } from './answer.js'

/** Puts what a controller returns into bytes, so that the framework changes neither them nor the content type. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<Buffer | undefined> {
    return next.handle().pipe(map(bodyOf))
  }
}
