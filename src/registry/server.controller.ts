import { Controller, Get, HttpCode, Post } from '@nestjs/common'

/** Routes about the server itself. */
@Controller()
export class ServerController {
  @Get()
  root(): object {
    return {}
  }

  @Post()
  @HttpCode(200)
  rootPost(): object {
    return {}
  }

  @Get('v1/metadata/id')
  id(): object {
    return { scope: { path: [], clusters: { 'kafka-cluster': '', 'schema-registry-cluster': 'concordat' } } }
  }

  @Get('v1/metadata/version')
  version(): object {
    return { version: process.env.npm_package_version ?? '0.1.0', commitId: 'unknown' }
  }

  @Get('v1/metadata/deployment')
  deployment(): object {
    return { attributes: [] }
  }
}
