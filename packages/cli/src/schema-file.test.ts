import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSchemaFile } from './schema-file.js'

describe('A schema file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concordat-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

  it('in Avro IDL is read as the schema that it declares, its imports beside it', async () => {
    write('money.avdl', 'protocol M { record Money { long cents; } }')
    write('order.avdl', 'protocol O { import idl "money.avdl"; record Order { Money price; } }')
    const file = await readSchemaFile(folder, 'order.avdl', folder)
    expect(file).toMatchObject({ type: 'AVRO', shown: 'order.avdl' })
    expect(JSON.parse(file.text)).toMatchObject({ name: 'Order', fields: [{ type: { name: 'Money' } }] })
  })

  it('in Avro IDL that is none is refused with file, line and column', async () => {
    write('bad.avdl', 'protocol P {\n  record A { int }\n}')
    await expect(readSchemaFile(folder, 'bad.avdl', folder)).rejects.toThrow(/^bad\.avdl:2:\d+: /)
  })

  it('of an unknown ending needs its type', async () => {
    write('a.txt', '"int"')
    await expect(readSchemaFile(folder, 'a.txt', folder)).rejects.toThrow('the format of a.txt is not known')
    await expect(readSchemaFile(folder, 'a.txt', folder, 'avro')).resolves.toMatchObject({
      type: 'AVRO',
      text: '"int"',
    })
  })
})
