import { Module, type DynamicModule } from '@nestjs/common'
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core'
import { AssociationsController } from './associations/associations.controller.js'
import { AssociationsService } from './associations/associations.service.js'
import { CompatibilityApiController } from './compatibility/api.controller.js'
import { CheckService } from './compatibility/check.service.js'
import { CompatibilityController } from './compatibility/compatibility.controller.js'
import { CompatibilityService } from './compatibility/compatibility.service.js'
import { DiffService } from './compatibility/diff.service.js'
import { AnswerInterceptor } from './http/answer.interceptor.js'
import { PreparedAnswers } from './http/prepared-answers.js'
import { ErrorFilter } from './http/error.filter.js'
import { ContextsController } from './registry/contexts.controller.js'
import { DeletionService } from './registry/deletion.service.js'
import { LookupService } from './registry/lookup.service.js'
import { ReadingService } from './registry/reading.service.js'
import { RegistrationService } from './registry/registration.service.js'
import { SchemaParser } from './registry/schema-parser.js'
import { SchemaListService } from './registry/schema-list.service.js'
import { SchemaTexts } from './registry/schema-texts.service.js'
import { SchemasController } from './registry/schemas.controller.js'
import { ServerController } from './registry/server.controller.js'
import { SubjectPipe } from './registry/subject.pipe.js'
import { SubjectsController } from './registry/subjects.controller.js'
import { TagsService } from './registry/tags.service.js'
import { SERVICE_OPTIONS, type ServiceOptions } from './service-options.js'
import { ConfigController } from './settings/config.controller.js'
import { ModeController } from './settings/mode.controller.js'
import { Scopes } from './settings/scopes.js'
import { SettingsService } from './settings/settings.service.js'
import { WatchedStorage } from './storage/watched-storage.js'
import { STORAGE, type Storage } from './storage/storage.port.js'

/** What the application is made of from outside. */
export interface AppParts {
  settings: ServiceOptions
  storage: Storage
  prepared: PreparedAnswers
}

/** The service without its HTTP server: one place that says who gets what. */
@Module({})
export class AppModule {
  static of({ settings, storage, prepared }: AppParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        ServerController,
        SubjectsController,
        SchemasController,
        ContextsController,
        CompatibilityController,
        CompatibilityApiController,
        ConfigController,
        ModeController,
        AssociationsController,
      ],
      providers: [
        { provide: STORAGE, useValue: new WatchedStorage(storage, (record) => prepared.forget(record)) },
        { provide: PreparedAnswers, useValue: prepared },
        { provide: SERVICE_OPTIONS, useValue: settings },
        { provide: Scopes, useValue: new Scopes(settings) },
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
        SubjectPipe,
        SchemaParser,
        SchemaTexts,
        SchemaListService,
        ReadingService,
        RegistrationService,
        LookupService,
        DeletionService,
        TagsService,
        CompatibilityService,
        CheckService,
        DiffService,
        SettingsService,
        AssociationsService,
      ],
    }
  }
}
