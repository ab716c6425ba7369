/** What an operator reads where Redis wants a password, and that no password is ever printed. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { noRedis, RedisServer } from '../standins/redis.js'
import { until } from './fields.js'
import { make } from './redis-kit.js'

describe.skipIf(noRedis)(`a Redis with a password${noRedis ? ` (skipped: ${noRedis})` : ''}`, () => {
  const secret = 'open-sesame-27182'

  async function locked(): Promise<RedisServer> {
    const server = await RedisServer.start(['--requirepass', secret])
    onTestFinished(() => server.kill())
    return server
  }

  it('says that it wants a password and in which form, and is not stormed by who has none', async () => {
    const server = await locked()
    const a = make(server.url, 'a')
    const { up, message } = await a.start()
    expect(up).toBe(false)
    expect(message).toMatch(
      /^Redis at 127\.0\.0\.1:\d+ wants a password: give it with REDIS_URL=redis:\/\/:PASSWORD@127\.0\.0\.1:\d+ .*it keeps trying\.$/,
    )
    expect(a.counters()['wire.attempts'] ?? 0).toBeLessThan(20)
  })

  it('says that a password is refused, without repeating it', async () => {
    const server = await locked()
    const wrong = server.url.replace('redis://', 'redis://:not-the-password@')
    const { message } = await make(wrong, 'a').start()
    expect(message).toMatch(/refused the password: correct REDIS_URL=redis:\/\/:PASSWORD@127\.0\.0\.1:\d+/)
    expect(message).not.toContain('not-the-password')
  })

  it('lets in who gives the right one', async () => {
    const server = await locked()
    const a = make(server.url.replace('redis://', `redis://:${secret}@`), 'a')
    expect(await a.start()).toMatchObject({ up: true })
    await until(() => a.counters()['wire.connects'] === 2, 'both connections')
  })
})
