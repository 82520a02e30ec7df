import { editTags, findTags, inheritTags, NoSuchPlace, type EntityTags } from './tags.js'

const avro =
  '{"type":"record","name":"R","namespace":"p","fields":[{"name":"a","type":"int"},{"name":"n","type":{"type":"record","name":"N","fields":[{"name":"x","type":"int"}]}}]}'
const json =
  '{"type":"object","properties":{"a":{"type":"number","maximum":1.0},"l":{"type":"array","items":{"type":"object","properties":{"x":{"type":"string"}}}}}}'
const proto =
  'syntax = "proto3";\nmessage M {\n  int32 a = 1;\n  oneof choice {\n    string b = 2 [deprecated = true];\n  }\n  message Inner {\n    bool c = 3;\n  }\n}\n'

const on = (entityPath: string, entityType: 'sr_field' | 'sr_record', ...tags: string[]): EntityTags => ({
  schemaEntity: { entityPath, entityType },
  tags,
})

describe.each([
  ['AVRO' as const, avro, ['p.R', 'p.R.a', 'p.R.n', 'p.N', 'p.N.x']],
  ['JSON' as const, json, ['object', 'object.a', 'object.l', 'object.l.array.object', 'object.l.array.object.x']],
  ['PROTOBUF' as const, proto, ['M', 'M.a', 'M.choice.b', 'M.Inner', 'M.Inner.c']],
])('tags in %s', (type, text, paths) => {
  const placed = paths.map((path) => {
    const last = path.split('.').at(-1) ?? ''
    return on(path, /^[a-z]$/.test(last) ? 'sr_field' : 'sr_record', 'T')
  })

  it('are added, found and taken away at every place, and nothing else changes', () => {
    for (const place of placed) {
      const tagged = editTags(type, text, [place], [])
      expect(findTags(type, tagged, ['*'])).toEqual([place])
      expect(editTags(type, tagged, [], [place])).toBe(text)
    }
  })

  it('are kept in order, each once', () => {
    const [place = on('', 'sr_field')] = placed
    const more = { ...place, tags: ['U', 'T', 'V'] }
    const tagged = editTags(type, editTags(type, text, [place], []), [more], [])
    expect(findTags(type, tagged, ['V'])).toEqual([{ ...place, tags: ['T', 'U', 'V'] }])
    expect(findTags(type, tagged, ['W'])).toEqual([])
  })

  it('are inherited at the places that both texts have', () => {
    const tagged = editTags(type, text, placed, [])
    expect(findTags(type, inheritTags(type, text, tagged), ['*'])).toEqual(findTags(type, tagged, ['*']))
  })

  it('need a place, of the right kind', () => {
    expect(() => editTags(type, text, [on('nowhere', 'sr_field', 'T')], [])).toThrow(NoSuchPlace)
    const [record] = paths
    expect(() => editTags(type, text, [on(record ?? '', 'sr_field', 'T')], [])).toThrow(NoSuchPlace)
  })

  it('may hold any characters', () => {
    const [place = on('', 'sr_field')] = placed
    const odd = { ...place, tags: ['"\\ é }]'] }
    expect(findTags(type, editTags(type, text, [odd], []), ['*'])).toEqual([odd])
  })
})
