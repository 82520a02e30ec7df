import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configSchema } from './config-schema.js'

describe('concordat.schema.json', () => {
  it('is the schema that the command line checks concordat.yaml with', () => {
    const published: unknown = JSON.parse(readFileSync(join(__dirname, '../../concordat.schema.json'), 'utf8'))
    expect(published).toEqual(JSON.parse(JSON.stringify(configSchema)))
  })
})
