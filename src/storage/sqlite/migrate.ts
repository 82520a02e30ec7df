import { DataSource } from 'typeorm'
import { migrations } from '../../../migrations/index.js'
import { entities } from '../entities/index.js'

/** TypeORM's view of a database file: for migrations and the drift test, never for requests. */
export const dataSource = (path: string) =>
  new DataSource({ type: 'sqlite', database: path, entities, migrations, enableWAL: true, logging: false })

/** Brings the file to the newest structure, making it if it is missing. TypeORM's connection is closed afterwards. */
export async function migrate(path: string): Promise<void> {
  const source = await dataSource(path).initialize()
  try {
    await source.runMigrations({ transaction: 'each' })
  } finally {
    await source.destroy()
  }
}
