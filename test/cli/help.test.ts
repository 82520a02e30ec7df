import { createRepository, type Repository } from './command-line.js'

describe('concordat, for somebody who does not know it', () => {
  let repository: Repository
  beforeAll(() => (repository = createRepository()))
  afterAll(() => repository.remove())

  it('lists its commands, and says so with exit code 2 when none was given', async () => {
    const help = await repository.concordat('--help')
    expect(help.code).toBe(0)
    for (const command of ['check', 'push', 'pull', 'generate', 'diff']) expect(help.out).toContain(`  ${command}`)
    const nothing = await repository.concordat()
    expect(nothing.code).toBe(2)
    expect(nothing.out).toBe(help.out)
  })

  it('explains each command in lines that fit an 80-column terminal', async () => {
    for (const command of ['check', 'push', 'pull', 'generate', 'diff']) {
      const { code, out } = await repository.concordat(command, '--help')
      expect(code).toBe(0)
      expect(out).toContain('usage: concordat')
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    }
  })

  it('guesses what a misspelt command or option was meant to be', async () => {
    const command = await repository.concordat('chek')
    expect(command).toMatchObject({ code: 2 })
    expect(command.err).toContain('did you mean concordat check?')
    const option = await repository.concordat('check', '--ofline')
    expect(option).toMatchObject({ code: 2 })
    expect(option.err).toContain('did you mean --offline?')
  })

  it('says that concordat.yaml is missing', async () => {
    const { code, err } = await repository.concordat('pull')
    expect(code).toBe(2)
    expect(err).toContain('there is no concordat.yaml here')
  })

  it('points at the mistake in concordat.yaml', async () => {
    repository.write('concordat.yaml', 'registry: { url: "http://127.0.0.1:1" }\nconsume:\n  orders: {}\n')
    const { code, err } = await repository.concordat('pull')
    expect(code).toBe(2)
    expect(err).toContain('concordat.yaml:2:1')
    expect(err).toContain('unknown key "consume": did you mean "consumes"?')
  })

  it('says which environment variable is not set', async () => {
    repository.write('concordat.yaml', 'registry: { url: "${NOT_SET_ANYWHERE}" }\n')
    const { code, err } = await repository.concordat('pull')
    expect(code).toBe(2)
    expect(err).toContain('NOT_SET_ANYWHERE is not set')
  })

  it('answers exit code 3 when no registry answers', async () => {
    repository.write('concordat.yaml', 'registry: { url: "http://127.0.0.1:1" }\nconsumes: { orders: }\n')
    const { code, err } = await repository.concordat('pull')
    expect(code).toBe(3)
    expect(err).toContain('http://127.0.0.1:1')
  })

  it('prints errors as JSON too', async () => {
    const { code, out } = await repository.concordat('pull', '--json')
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ ok: false })
  })
})
