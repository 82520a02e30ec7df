import { PreparedAnswers } from './prepared-answers.js'

const body = (text: string) => Buffer.from(text)
const registered = (id: number) => ({ kind: 'version-registered' as const, subject: 'a', payload: { id }, time: 0 })
const configured = { kind: 'config-set' as const, subject: 'a', payload: {}, time: 0 }

describe('prepared answers', () => {
  let answers: PreparedAnswers
  beforeEach(() => {
    answers = new PreparedAnswers(10_000)
    answers.put('/schemas/ids/1', body('one'), answers.ticket())
    answers.put('/schemas/ids/2?subject=a', body('two'), answers.ticket())
  })

  it('are found by the address that they answer', () => {
    expect(answers.get('/schemas/ids/1')?.toString()).toBe('one')
    expect(answers.get('/schemas/ids/2')).toBeUndefined()
    expect(answers.get('/schemas/ids/2?subject=a')?.toString()).toBe('two')
  })

  it('are dropped when something happens to their id, the others stay', () => {
    answers.forget(registered(1))
    expect(answers.get('/schemas/ids/1')).toBeUndefined()
    expect(answers.get('/schemas/ids/2?subject=a')).toBeDefined()
  })

  it('are all dropped when settings change, since an alias may be among them', () => {
    answers.forget(configured)
    expect(answers.get('/schemas/ids/2?subject=a')).toBeUndefined()
  })

  it('are not kept if the registry changed while they were made', () => {
    const ticket = answers.ticket()
    answers.forget(registered(3))
    answers.put('/schemas/ids/3', body('three'), ticket)
    expect(answers.get('/schemas/ids/3')).toBeUndefined()
  })

  it('do not grow without bound, neither by ids nor by odd addresses of one id', () => {
    for (let id = 1; id <= 1000; id++) answers.put(`/schemas/ids/${id}`, body('x'.repeat(100)), answers.ticket())
    expect(answers.get('/schemas/ids/1')).toBeUndefined()
    expect(answers.get('/schemas/ids/1000')).toBeDefined()
    for (let odd = 0; odd < 100; odd++) answers.put(`/schemas/ids/1000?x=${odd}`, body('y'), answers.ticket())
    const kept = Array.from({ length: 100 }, (_, odd) => answers.get(`/schemas/ids/1000?x=${odd}`)).filter(Boolean)
    expect(kept.length).toBeLessThanOrEqual(16)
  })
})
