/** The live verbs as a person uses them: live, status, halt, resume-trading, replay, data fetch, and how they end. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { replayResultSchema } from '../../src/world/index.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { folder, mycelia, needsBuild, start } from './mycelia.js'

beforeEach(needsBuild)

/** A Kraken where every pair trades ten times a second. */
async function exchange(): Promise<Record<string, string>> {
  const kraken = await KrakenStandin.start()
  let n = 0
  const timer = setInterval(() => {
    for (const { symbol } of kraken.pairs) kraken.trade(symbol, 100 + Math.sin(n++ / 40), 1)
  }, 100)
  onTestFinished(async () => {
    clearInterval(timer)
    await kraken.stop()
  })
  return {
    KRAKEN_REST_URL: kraken.restUrl,
    KRAKEN_WS_URL: kraken.wsUrl,
    KRAKEN_REST_INTERVAL_MS: '5',
    REDIS_URL: '',
    REDIS_HOST: '',
    MYCELIA_RUNS: 'runs',
  }
}

/** Moats that answer nothing, at once. */
const noMoats = Object.fromEntries(
  ['GITHUB', 'WEATHER', 'FREIGHT', 'FEDERAL_REGISTER', 'SEC'].map(name => [`MYCELIA_${name}_URL`, 'http://127.0.0.1:9']),
)

const few = ['--timeframe', '1s', '--pairs', 'XBTUSD,ETHUSD']
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

test('live, status, halt, resume-trading and replay work together, and --json of both ends with the same object', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats }
  const running = start(cwd, ['live', 'trifecta', ...few, '--json', '--out', 'runs/one'], env)
  await running.said('live, step')
  expect((await mycelia(cwd, ['halt', 'runs/one', '--reason', 'lunch'], env)).stdout).toMatch(/Journalled: halt/)
  const status = await mycelia(cwd, ['status', 'runs/one', '--json'], env)
  expect(lastLine(status.stdout).parts[0]).toMatchObject({ isRunning: true, status: { state: 'live', seed: 1 } })
  await expect
    .poll(async () => (await mycelia(cwd, ['status', 'runs/one'], env)).stdout, { timeout: 10_000 })
    .toMatch(/HALTED all: lunch\. Ends: the operator resumes trading/)
  expect((await mycelia(cwd, ['resume-trading', 'runs/one'], env)).code).toBe(0)
  running.child.kill('SIGTERM')
  const ended = await running.ended
  expect(ended.code).toBe(0)
  const result = lastLine(ended.stdout)
  expect(result).toMatchObject({ scenario: 'trifecta', halts: 1, counters: { feed: {}, transport: {} } })
  const again = await mycelia(cwd, ['replay', 'runs/one', '--json'], env)
  expect(again.code).toBe(0)
  const replayed = replayResultSchema.parse(lastLine(again.stdout))
  expect(replayed).toMatchObject({ agrees: true, digest: result.digest, ticks: result.ticks })
  expect((await mycelia(cwd, ['status', 'runs/one'], env)).stdout).toMatch(/stopped/)
  expect(readFileSync(join(cwd, 'runs/one/live.log'), 'utf8')).toMatch(/"event":"halted"/)
}, 90_000)

test('C7: Ctrl-C checkpoints and exits with 130; the same command goes on; a trade that was changed is found by replay', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats }
  const args = ['live', 'trifecta', ...few, '--out', 'runs/two']
  const running = start(cwd, args, env)
  await running.said('live, step')
  const asked = performance.now()
  running.child.kill('SIGINT')
  const ended = await running.ended
  expect(ended.code).toBe(130)
  expect(performance.now() - asked).toBeLessThan(4_000)
  expect(ended.stderr).toMatch(/Go on with: mycelia live --out .*runs\/two/)
  const goesOn = await mycelia(cwd, ['live', '--out', 'runs/two', '--for', '1s', '--json'], env)
  expect(goesOn.stderr).toMatch(/Gone on from step/)
  expect(goesOn.code).toBe(0)
  const db = new Database(join(cwd, 'runs/two/trades.db'))
  db.prepare('UPDATE journal SET chain = zeroblob(32) WHERE tick = (SELECT max(tick) FROM journal)').run()
  db.close()
  const again = await mycelia(cwd, ['replay', 'runs/two'], env)
  expect(again.code).not.toBe(0)
  expect(again.stderr).toMatch(/tick \d+/)
}, 90_000)

test('I8: what is wrong is said in one sentence with exit 2, and nothing is made', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats }
  for (const [args, says] of [
    [['live', 'trifectas'], /Did you mean "trifecta"/],
    [['live', 'wealth'], /a scenario that trades/],
    [['live', 'trifecta', '--timeframe', '7q'], /timeframe/i],
    [['live', 'trifecta', '--for', 'long'], /--for/],
    [['live', 'trifecta', '--set', 'poeple=3'], /poeple/],
    [['live', 'trifecta', '--redis', 'here'], /Redis address/],
    [['live', 'trifecta', '--agents', 'Trading'], /--out|RiskManagement/],
    [['live', 'trifecta', '--agents', 'DataMinr', '--out', 'x'], /Did you mean "DataMiner"/],
    [['live', '--from-run', 'nowhere'], /nowhere/],
    [['replay', 'nowhere'], /nowhere/],
    [['status', 'nowhere'], /nowhere/],
    [['halt'], /a live run/],
  ] as const) {
    const { code, stderr } = await mycelia(cwd, args, env)
    expect(stderr, args.join(' ')).toMatch(says)
    expect(code, args.join(' ')).toBe(2)
  }
  expect(existsSync(join(cwd, 'runs'))).toBe(false)
  expect(existsSync(join(cwd, 'x'))).toBe(false)
}, 90_000)

test('data fetch writes candles that data check reads, goes on where it stopped, and says so when Kraken is away', async () => {
  const cwd = folder()
  const env = await exchange()
  const args = ['data', 'fetch', '--into', 'candles', '--timeframe', '1m', '--pairs', 'XBTUSD,SOLUSD']
  const kraken = await KrakenStandin.start()
  onTestFinished(() => kraken.stop())
  const now = Math.floor(Date.now() / 60_000) * 60_000
  for (const symbol of ['BTC/USD', 'SOL/USD']) {
    const candles = Array.from({ length: 100 }, (_, i) => {
      return { time: now - (100 - i) * 60_000, open: 100, high: 101, low: 99, close: 100 + (i % 2), volume: 1 + i, trades: 3 }
    })
    kraken.tape.write(symbol, 60_000, candles)
  }
  const there = { ...env, KRAKEN_REST_URL: kraken.restUrl }
  const first = await mycelia(cwd, args, there)
  expect(first.stderr + first.stdout).toMatch(/XXBTZUSD/)
  expect(first.code).toBe(0)
  expect((await mycelia(cwd, ['data', 'check', 'candles'], env)).code).toBe(0)
  const before = readFileSync(join(cwd, 'candles/XBTUSD_1.csv'), 'utf8')
  expect((await mycelia(cwd, args, there)).code).toBe(0)
  expect(readFileSync(join(cwd, 'candles/XBTUSD_1.csv'), 'utf8').startsWith(before)).toBe(true)
}, 90_000)
