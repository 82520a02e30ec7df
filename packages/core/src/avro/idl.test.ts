import { InvalidSchema } from '../schema/invalid-schema.js'
import { noReferences } from '../schema/source.js'
import { avro } from './index.js'
import { schemaFromIdl } from './idl.js'

const files: Record<string, string> = {
  'main.avdl': `@namespace("shop")
protocol Orders {
  import idl "money.avdl";
  import schema "status.avsc";
  /** An order? Yes: "decimal(1,1)". */
  record Order {
    Money price;
    Money shipping;
    union { null, string } note = null;
    string? remark = null;
    date day;
    time_ms time;
    decimal(9, 2) amount;
    array<Line> lines;
    Status status;
    uuid key;
  }
  record Line { int n = 1; }
}`,
  'money.avdl': '@namespace("shop") protocol Money { fixed Cents(8); record Money { Cents cents; } }',
  'status.avsc': '{"type":"enum","name":"shop.Status","symbols":["A"]}',
  'two.avdl': 'protocol P { record A { int x; } record B { A a; } record C { A a; } }',
  'bad.avdl': 'protocol P {\n  record A { int }\n}',
}
const read = (path: string) => {
  const text = files[path]
  if (text === undefined) throw new Error(`there is no ${path}`)
  return text
}

describe('Avro IDL', () => {
  it('becomes one schema, with the types of imports defined where they are used first', () => {
    const text = schemaFromIdl('main.avdl', read)
    const schema = avro.parse({ type: 'AVRO', text, references: [] }, noReferences, {
      validation: 'strict',
      asNew: true,
    })
    expect(JSON.parse(avro.print(schema, 'canonical'))).toEqual({
      type: 'record',
      name: 'Order',
      namespace: 'shop',
      doc: 'An order? Yes: "decimal(1,1)".',
      fields: [
        {
          name: 'price',
          type: {
            type: 'record',
            name: 'Money',
            fields: [{ name: 'cents', type: { type: 'fixed', name: 'Cents', size: 8 } }],
          },
        },
        { name: 'shipping', type: 'Money' },
        { name: 'note', type: ['null', 'string'], default: null },
        { name: 'remark', type: ['null', 'string'], default: null },
        { name: 'day', type: { type: 'int', logicalType: 'date' } },
        { name: 'time', type: { type: 'int', logicalType: 'time-millis' } },
        { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } },
        {
          name: 'lines',
          type: {
            type: 'array',
            items: { type: 'record', name: 'Line', fields: [{ name: 'n', type: 'int', default: 1 }] },
          },
        },
        { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['A'] } },
        { name: 'key', type: { type: 'string', logicalType: 'uuid' } },
      ],
    })
  })

  it('with several types that no other one uses needs a name', () => {
    expect(() => schemaFromIdl('two.avdl', read)).toThrow('name one of B, C')
    expect(JSON.parse(schemaFromIdl('two.avdl', read, 'C'))).toMatchObject({ name: 'C' })
    expect(() => schemaFromIdl('two.avdl', read, 'D')).toThrow('has no type D')
  })

  it('that cannot be read is refused with its place', () => {
    const failure = (path: string) => {
      try {
        return schemaFromIdl(path, read)
      } catch (error) {
        if (error instanceof InvalidSchema) return error
        throw error
      }
    }
    expect(failure('bad.avdl')).toMatchObject({ position: { line: 2 } })
    expect(failure('absent.avdl')).toMatchObject({
      reason: expect.stringContaining('there is no absent.avdl') as string,
    })
  })
})
