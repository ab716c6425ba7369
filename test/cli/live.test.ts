/** The live verbs as a person uses them: live, status, halt, resume-trading, replay, data fetch, and how they end. */

import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { replayResultSchema } from '../../src/world/index.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { factsOf, forgeChain } from '../world/forged-journal.js'
import { exchange, noMoats } from './exchange.js'
import { command } from './in-process.js'
import { everything, folder, mycelia, needsBuild, start } from './mycelia.js'

beforeEach(needsBuild)

const few = ['--timeframe', '1s', '--pairs', 'XBTUSD,ETHUSD']
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

test('live, status, halt, resume-trading and replay work together, and --json of both ends with the same object', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats }
  const running = start(cwd, ['live', 'trifecta', ...few, '--json', '--out', 'runs/one'], env)
  await running.said('live, step')
  expect((await command(['halt', 'runs/one', '--reason', 'lunch'], cwd, env)).stdout).toMatch(/Journalled: halt/)
  const status = await command(['status', 'runs/one', '--json'], cwd, env)
  expect(lastLine(status.stdout).parts[0]).toMatchObject({ isRunning: true, status: { state: 'live', seed: 1 } })
  await expect
    .poll(async () => (await command(['status', 'runs/one'], cwd, env)).stdout, { timeout: 10_000 })
    .toMatch(/HALTED all: lunch\. Ends: the operator resumes trading/)
  expect((await command(['resume-trading', 'runs/one'], cwd, env)).code).toBe(0)
  running.child.kill('SIGTERM')
  const ended = await running.ended
  expect(ended.code).toBe(0)
  const result = lastLine(ended.stdout)
  expect(result).toMatchObject({ scenario: 'trifecta', halts: 1, counters: { feed: {}, transport: {} } })
  const again = await command(['replay', 'runs/one', '--json'], cwd, env)
  expect(again.code).toBe(0)
  const replayed = replayResultSchema.parse(lastLine(again.stdout))
  expect(replayed).toMatchObject({ agrees: true, digest: result.digest, ticks: result.ticks })
  expect((await command(['status', 'runs/one'], cwd, env)).stdout).toMatch(/stopped/)
  expect(readFileSync(join(cwd, 'runs/one/live.log'), 'utf8')).toMatch(/"event":"halted"/)
}, 90_000)

test('O2: status tells run, seed, step, halts, missed, rejected, doubts and last checkpoint, while it runs and after a crash', async () => {
  const cwd = folder()
  const planted = 'planted-secret-3141592'
  const secrets = { KRAKEN_API_SECRET: planted, MYCELIA_SLACK_WEBHOOK: `http://127.0.0.1:9/services/${planted}` }
  const env = { ...(await exchange()), ...noMoats, ...secrets }
  const running = start(cwd, ['live', 'trifecta', ...few, '--seed', '5', '--out', 'runs/two'], env)
  await running.said('live, step')
  expect((await command(['halt', '--reason', 'lunch'], cwd, env)).stdout).toMatch(/Journalled: halt of .*runs\/two/)
  const told = async () => {
    const { code, stdout } = await command(['status', '--json'], cwd, env)
    expect(code).toBe(0)
    return lastLine(stdout).parts[0]
  }
  const halts = [{ portfolio: 'all', kind: 'operator', reason: 'lunch', ends: 'the operator resumes trading' }]
  await expect.poll(async () => (await told()).status.halts, { timeout: 10_000 }).toMatchObject(halts)
  const during = await told()
  expect(during).toMatchObject({ isRunning: true, status: { pid: running.child.pid, state: 'live' } })
  running.child.kill('SIGKILL')
  await running.ended
  const after = await told()
  expect(after.isRunning).toBe(false)
  for (const { status } of [during, after]) {
    expect(status).toMatchObject({
      runId: expect.stringMatching(/seed5/),
      seed: 5,
      halts,
      missed: 0,
      rejected: 0,
      staleTopics: [],
      conditions: expect.arrayContaining([
        expect.objectContaining({ code: 'halts', isTrouble: true }),
        expect.objectContaining({ code: 'patterns', short: expect.stringMatching(/^no pattern in force: bar/) }),
      ]),
      why: 'Nothing is entered: halted (operator): lunch. Ends: the operator resumes trading.',
    })
    expect(status.step).toBeGreaterThanOrEqual(0)
    expect(status.lastCheckpoint).toBeGreaterThanOrEqual(0)
  }
  const { stdout } = await command(['status', 'runs/two'], cwd, env)
  expect(stdout).toMatch(/seed 5, process \d+ is gone; last heard of .* ago, last checkpoint at step \d+/)
  expect(stdout).toMatch(/^Why: Nothing is traded: the process is gone\./m)
  expect(stdout).toMatch(/step \d+.*[\s\S]*HALTED all: lunch[\s\S]*0 missed, 0 rejected/)
  // S11: nothing a run leaves or says holds a secret of the environment.
  const found = everything(cwd).filter(
    name => statSync(join(cwd, name)).isFile() && readFileSync(join(cwd, name)).includes(planted),
  )
  expect(found).toEqual([])
  expect(JSON.stringify(await running.ended)).not.toContain(planted)
}, 60_000)

test('C7: Ctrl-C checkpoints and exits with 130; the same command goes on; a tick that was changed is found by replay', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats }
  const args = ['live', 'trifecta', ...few, '--out', 'runs/two']
  const running = start(cwd, args, env)
  await running.said('live, step')
  const [asked, askedAt] = [performance.now(), Date.now()]
  running.child.kill('SIGINT')
  const ended = await running.ended
  expect(ended.code).toBe(130)
  // The checkpoint within 2 s; then feeds and moats are let go.
  const { endedAt, ended: end } = JSON.parse(readFileSync(join(cwd, 'runs/two/manifest.json'), 'utf8'))
  expect(end).toMatchObject({ by: 'signal', why: expect.stringMatching(/^stopped by SIGINT at step \d+$/) })
  expect(ended.stdout).toMatch(/Ended: stopped by SIGINT at step \d+/)
  expect(Date.parse(endedAt) - askedAt).toBeLessThan(2_000)
  expect(performance.now() - asked).toBeLessThan(4_000)
  expect(ended.stderr).toMatch(/Go on with: mycelia live --out .*runs\/two/)
  const goesOn = await mycelia(cwd, ['live', '--out', 'runs/two', '--for', '1s', '--json'], env)
  expect(goesOn.stderr).toMatch(/Gone on from step/)
  expect(goesOn.code).toBe(0)
  const ledger = join(cwd, 'runs/two/trades.db')
  const last = factsOf(ledger).at(-1)?.tick as number
  forgeChain(ledger, last)
  const again = await mycelia(cwd, ['replay', 'runs/two'], env)
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(new RegExp(`^mycelia: At tick ${last}: the digest was .* The replay differs from the run\\.\n$`))
}, 90_000)

test('I8: what is wrong is said in one sentence with exit 2, and nothing is made', async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'a-file'), '')
  mkdirSync(join(cwd, 'used'))
  writeFileSync(join(cwd, 'used/thesis.txt'), 'mine')
  const before = everything(cwd)
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
    [['live'], /scenario: expected a name or a file, --from-run, or --out/],
    [['live', 'trifecta', '--seed', 'abc'], /--seed: expected a whole number/],
    [['live', 'trifecta', '--pairs', 'FOO'], /Unknown pair "FOO"\. Did you mean/],
    [['live', 'trifecta', '--metrics', '99999'], /--metrics: expected a port from 0 to 65535, got "99999"/],
    [['live', 'trifecta', '--config', 'nowhere.yaml'], /nowhere\.yaml: expected a readable file/],
    [['live', 'trifecta', '--agents', 'PatternLearner:2/2', '--out', 'x'], /share\/of, got "PatternLearner:2\/2"/],
    [['live', 'trifecta', '--out', 'a-file'], /a-file: expected a directory, got "a file"/],
    [['live', 'trifecta', '--out', 'used'], /used: expected a new or empty directory/],
    [['live', 'trifecta', '--fro-run', 'x'], /unknown option '--fro-run'.*--from-run/],
    [['replay', 'nowhere'], /nowhere: expected the directory of a live run, got "no manifest\.json".*Give the directory/],
    [['replay', 'a-file'], /a-file: expected the directory of a live run/],
    [['replay', 'used'], /used: expected the directory of a live run/],
    [['replay'], /missing required argument 'run'/],
    [['replay', 'used', '--jsn'], /unknown option '--jsn'.*--json/],
    [['status', 'nowhere'], /nowhere: expected the directory of a live run, got "no manifest\.json in it".*Give the directory/],
    [['status', 'a-file'], /a-file: expected the directory of a live run/],
    [['halt'], /a live run under runs: expected one, got "none"\. Name its directory, or start one/],
    [['halt', 'nowhere'], /nowhere: expected the directory of a live run/],
    [['halt', 'a-file', '--reson', 'x'], /unknown option '--reson'.*--reason/],
    [['halt', '--redis', 'here', '--scenario', 'trifecta'], /Redis address: expected redis:\/\/host:port/],
    [['halt', '--redis', 'redis://127.0.0.1:9'], /--redis: expected --scenario with it/],
    [['resume-trading', 'used'], /used: expected the directory of a live run/],
    [['data', 'fetch'], /--into/],
    [['data', 'fetch', '--into', 'a-file'], /--into a-file: expected a folder that can be written to, got "EEXIST"/],
    [['data', 'fetch', '--into', 'x', '--timeframe', '7m'], /expected a divisor of a day/],
    [['data', 'fetch', '--into', 'x', '--pairs', 'FOO'], /Unknown pair "FOO"/],
    [['data', 'fetch', '--into', 'x', '--from', 'nonsense'], /--from: expected a time, got "nonsense"/],
  ] as const) {
    const { code, stdout, stderr } = await command(args, cwd, env)
    expect(stderr, args.join(' ')).toMatch(says)
    expect({ args, code, stdout, sentences: stderr.trim().split('\n').length }).toEqual({
      args,
      code: 2,
      stdout: '',
      sentences: 1,
    })
  }
  expect(everything(cwd)).toEqual(before)
}, 180_000)

test('every live verb has help with examples, and says nothing on standard error', async () => {
  for (const verb of ['live', 'status', 'halt', 'resume-trading', 'replay', 'data fetch']) {
    const { code, stdout, stderr } = await command([...verb.split(' '), '--help'], folder())
    expect({ verb, code, stderr }).toEqual({ verb, code: 0, stderr: '' })
    expect(stdout).toContain(`Examples:\n  mycelia ${verb}`)
  }
}, 60_000)

test('data fetch writes candles that data check reads, and continues where it stopped', async () => {
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
  const first = await command(args, cwd, there)
  expect(first.stderr + first.stdout).toMatch(/XXBTZUSD/)
  expect(first.code).toBe(0)
  expect((await command(['data', 'check', 'candles'], cwd, env)).code).toBe(0)
  const before = readFileSync(join(cwd, 'candles/XBTUSD_1.csv'), 'utf8')
  expect((await command(args, cwd, there)).code).toBe(0)
  expect(readFileSync(join(cwd, 'candles/XBTUSD_1.csv'), 'utf8').startsWith(before)).toBe(true)
}, 90_000)

test('data fetch from a Kraken out of reach, or one that fails half-way, says so with exit 2 and leaves nothing half-written', async () => {
  const cwd = folder()
  const args = ['data', 'fetch', '--into', 'candles/new', '--timeframe', '1m', '--pairs', 'XBTUSD,SOLUSD']
  const away = await command(args, cwd, { KRAKEN_REST_URL: 'http://127.0.0.1:9', KRAKEN_REST_INTERVAL_MS: '5' })
  const sentence =
    /^mycelia: Kraken cannot be reached \(refused\)\. Check the network and run the same command again: it continues where it stopped\.\n$/
  expect(away).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) })
  expect(everything(cwd)).toEqual([])
  const kraken = await KrakenStandin.start()
  onTestFinished(() => kraken.stop())
  const now = Math.floor(Date.now() / 60_000) * 60_000
  const candles = Array.from({ length: 50 }, (_, i) => {
    return { time: now - (50 - i) * 60_000, open: 100, high: 101, low: 99, close: 100, volume: 1 + i, trades: 3 }
  })
  for (const symbol of ['BTC/USD', 'SOL/USD']) kraken.tape.write(symbol, 60_000, candles)
  const there = { KRAKEN_REST_URL: kraken.restUrl, KRAKEN_REST_INTERVAL_MS: '200' }
  const running = start(cwd, args, there)
  await running.said('XXBTZUSD: ')
  kraken.failRest(1_000, 503)
  const stopped = await running.ended
  expect(stopped.code).toBe(2)
  expect(stopped.stderr).toMatch(/Kraken cannot be reached \(.+\)\. Check the network and run the same command again/)
  expect(everything(cwd)).toEqual(['candles', 'candles/new', 'candles/new/XBTUSD_1.csv'])
  expect((await command(['data', 'check', 'candles/new'], cwd)).code).toBe(0)
  kraken.failRest(0, 503)
  expect((await command(args, cwd, there)).code).toBe(0)
  expect(everything(cwd)).toContain('candles/new/SOLUSD_1.csv')
}, 120_000)
