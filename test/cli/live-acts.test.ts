/** A live run as its operator has it before him: the REST view beside it, a chat, and no secret in anything it leaves. */

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { TelegramStandin } from '../standins/telegram.js'
import { exchange, noMoats } from './exchange.js'
import { everything, folder, needsBuild, start } from './mycelia.js'

beforeEach(needsBuild)

const urlIn = (text: string) => /REST view .*at (http:\S+)\/api\/status/.exec(text)?.[1] as string

test('S4, S11: --api answers beside the run to its token, a chat halts the run, and neither token stands anywhere', async () => {
  const cwd = folder()
  const telegram = await TelegramStandin.start()
  onTestFinished(() => telegram.stop())
  const token = 'planted-api-token-271828'
  const env = { ...(await exchange()), ...noMoats, ...telegram.env, MYCELIA_API_TOKEN: token }
  const args = [
    'live',
    'trifecta',
    '--timeframe',
    '1s',
    '--pairs',
    'XBTUSD,ETHUSD',
    '--out',
    'runs/one',
    '--api',
    '0',
    '--metrics',
    '0',
  ]
  const running = start(cwd, args, env)
  let said = ''
  running.child.stderr?.on('data', text => (said += text))
  await running.said('live, step')
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(urlIn(said) + path, { headers })
  const bearer = { authorization: `Bearer ${token}` }
  expect((await ask('/api/status')).status).toBe(401)
  expect((await ask('/api/trades', { ...bearer, origin: 'https://evil.example' })).status).toBe(403)
  const metrics = /Metrics at (\S+)/.exec(said)?.[1] as string
  expect((await fetch(metrics)).status).toBe(401)
  expect((await fetch(metrics, { headers: bearer })).status).toBe(200)
  telegram.say('/halt lunch', Date.now())
  await expect.poll(() => telegram.sent.join('\n'), { timeout: 20_000 }).toMatch(/halt: No portfolio enters anything/)
  await expect.poll(() => telegram.sent.join('\n'), { timeout: 20_000 }).toMatch(/HALTED all \(operator\): lunch/)
  const status = async () => (await (await ask('/api/status', bearer)).json()).parts[0].status
  await expect
    .poll(async () => (await status()).halts, { timeout: 20_000 })
    .toMatchObject([{ kind: 'operator', reason: 'lunch' }])
  expect((await status()).feeds.map(({ name }: { name: string }) => name)).toEqual(['kraken', 'moats'])
  expect(await (await ask('/api/decisions?limit=5', bearer)).json()).toMatchObject({ rows: expect.any(Array) })
  running.child.kill('SIGTERM')
  expect((await running.ended).code).toBe(0)
  const { request } = JSON.parse(readFileSync(join(cwd, 'runs/one/manifest.json'), 'utf8'))
  expect(request).toMatchObject({ feeds: ['kraken', 'moats'], notices: ['Telegram'], commands: ['Telegram'] })
  const found = everything(cwd).filter(name => {
    if (!statSync(join(cwd, name)).isFile()) return false
    const bytes = readFileSync(join(cwd, name))
    return bytes.includes(token) || bytes.includes(telegram.token)
  })
  expect(found).toEqual([])
  const ended = JSON.stringify(await running.ended)
  expect(ended).not.toContain(token)
  expect(ended).not.toContain(telegram.token)
  const serving = start(cwd, ['serve', 'runs/one', '--port', '0'], { ...env, MYCELIA_API_TOKEN: '' })
  let heard = ''
  serving.child.stderr?.on('data', text => (heard += text))
  await serving.said('/api/status')
  expect(await (await fetch(`${urlIn(heard)}/api/positions`)).json()).toMatchObject({ rows: [] })
  serving.child.kill('SIGINT')
  expect((await serving.ended).code).toBe(0)
}, 120_000)

test('S3: an address beyond the loopback without a token is exit 2, and nothing is made', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats, MYCELIA_API_TOKEN: '' }
  const { code, stderr } = await start(cwd, ['live', 'trifecta', '--out', 'runs/one', '--api', '0', '--listen', '0.0.0.0'], env)
    .ended
  expect(code).toBe(2)
  expect(stderr).toMatch(/--listen 0\.0\.0\.0: expected a token in MYCELIA_API_TOKEN/)
  expect(everything(cwd)).toEqual([])
}, 30_000)
