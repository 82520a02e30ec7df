/** The n-th of endlessly many Avro schemas of about 1 KB, each of which can read what was written with the one before. */
export const avroSchema = (name: string, n: number): string =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.example.bench',
    doc: `What happened to ${name}, seen from the side that caused it; revision ${n}.`,
    fields: [
      ...['id', 'source', 'actor', 'subject', 'description', 'correlation', 'cause'].map((field) => ({
        name: field,
        type: 'string',
        doc: `The ${field} of the event.`,
      })),
      { name: 'occurredAt', type: { type: 'long', logicalType: 'timestamp-millis' } },
      {
        name: 'amount',
        type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 }],
        default: null,
      },
      { name: 'labels', type: { type: 'map', values: 'string' }, default: {} },
      { name: `addedIn${n}`, type: ['null', 'string'], default: null, doc: 'Only in this revision.' },
    ],
  })
