import sqlite3 from 'sqlite3'
import { DataSource } from 'typeorm'
import { migrations } from '../../../migrations/index.js'
import { entities } from '../entities/index.js'

/**
 * TypeORM turns on the driver's verbose mode, which takes a stack trace for every statement of every connection of the
 * process and costs more than the statements. So it gets a driver whose verbose mode is the plain one.
 */
const quietDriver = { verbose: () => sqlite3 }

/** TypeORM's view of a database file: for migrations and the drift test, never for requests. */
export const dataSource = (path: string) =>
  new DataSource({
    type: 'sqlite',
    driver: quietDriver,
    database: path,
    entities,
    migrations,
    enableWAL: true,
    logging: false,
  })

/** Brings the file to the newest structure, making it if it is missing. TypeORM's connection is closed afterwards. */
export async function migrate(path: string): Promise<void> {
  const source = await dataSource(path).initialize()
  try {
    await source.runMigrations({ transaction: 'each' })
  } finally {
    await source.destroy()
  }
}
