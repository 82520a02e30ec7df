import { readFileSync } from 'node:fs'
import { codecName, writeAndRead } from './codec.js'
import { identifier } from './codec-schema.js'

describe('The codec that confirms witnesses', () => {
  it('is named with the version that is installed', () => {
    const file = readFileSync(require.resolve('avsc/package.json'), 'utf8')
    const { name, version } = JSON.parse(file) as { name: string; version: string }
    expect(codecName).toBe(`${name} ${version}`)
  })

  it('holds longs exactly and rounds what it reads into a float', () => {
    expect(writeAndRead('long', 'long', 9007199254740993n)).toEqual({ value: 9007199254740993n })
    expect(writeAndRead('int', 'float', 16777217)).toEqual({ value: 16777216 })
    expect(writeAndRead('int', 'string', 1)).toHaveProperty('failed')
  })

  it.each(['__proto__', 'constructor', 'toString', 'a-b', 'x){evil()', '', '_', 'é'])(
    'gets a plain identifier for %j',
    (name) => {
      expect(identifier(name)).toMatch(/^_[0-9a-f]*$/)
    },
  )

  it('gets other names as they are, and different ones for different names', () => {
    expect(identifier('amount')).toBe('amount')
    expect(new Set(['a-b', 'a_b', 'ab', '_ab', 'a.b'].map(identifier)).size).toBe(5)
  })
})
