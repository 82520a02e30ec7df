import {
  Table,
  type MigrationInterface,
  type QueryRunner,
  type TableColumnOptions,
  type TableIndexOptions,
} from 'typeorm'

const text = (name: string): TableColumnOptions => ({ name, type: 'text' })
const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' })
const time = (name: string): TableColumnOptions => ({ name, type: 'bigint' })
const flag = (name: string): TableColumnOptions => ({ name, type: 'boolean' })
const key = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isPrimary: true })
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true })
const index = (name: string, ...columnNames: string[]): TableIndexOptions => ({ name, columnNames })

const tables: { name: string; columns: TableColumnOptions[]; indices?: TableIndexOptions[] }[] = [
  {
    name: 'schemas',
    columns: [
      key(text('context')),
      key(integer('id')),
      text('content_key'),
      text('guid'),
      text('type'),
      text('text'),
      text('references'),
      optional(text('metadata')),
      optional(text('rule_set')),
    ],
    indices: [index('schemas_by_guid', 'guid'), index('schemas_by_content', 'context', 'content_key')],
  },
  {
    name: 'schema_targets',
    columns: [
      key(text('context')),
      key(integer('id')),
      key(text('target_context')),
      key(text('target_subject')),
      key(integer('target_version')),
    ],
    indices: [index('schema_targets_by_target', 'target_context', 'target_subject', 'target_version')],
  },
  {
    name: 'versions',
    columns: [
      { ...key(integer('registration')), isGenerated: true, generationStrategy: 'increment' },
      text('context'),
      text('subject'),
      integer('version'),
      integer('id'),
      flag('deleted'),
      time('time'),
    ],
    indices: [
      { ...index('versions_by_subject', 'context', 'subject', 'version'), isUnique: true },
      index('versions_by_id', 'context', 'id'),
    ],
  },
  { name: 'contexts', columns: [key(text('name'))] },
  { name: 'highest_ids', columns: [key(text('context')), integer('id')] },
  { name: 'settings', columns: [key(text('kind')), key(text('scope')), text('value')] },
  {
    name: 'associations',
    columns: [
      key(text('guid')),
      text('context'),
      text('subject'),
      text('resource_name'),
      text('resource_namespace'),
      text('resource_id'),
      text('resource_type'),
      text('association_type'),
      text('lifecycle'),
      flag('frozen'),
      time('create_ts'),
      time('update_ts'),
    ],
    indices: [
      index('associations_by_subject', 'context', 'subject'),
      index('associations_by_resource', 'resource_id'),
      index('associations_by_name', 'resource_name', 'resource_namespace'),
    ],
  },
  {
    name: 'journal',
    columns: [
      key(integer('sequence')),
      time('time'),
      text('kind'),
      text('subject'),
      text('payload'),
      text('previous_hash'),
      text('hash'),
    ],
  },
]

/** Schemas, versions, settings, associations and the journal; the same on every engine. */
export class FirstTables1764000000000 implements MigrationInterface {
  readonly name = 'FirstTables1764000000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.createTable(new Table(table))
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...tables].reverse()) await runner.dropTable(name)
  }
}
