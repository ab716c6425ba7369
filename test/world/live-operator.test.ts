/** An operator acts on a live run: by verbs of the command line, journalled, kept over a kill, decided again by a replay. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { writeReport } from '../../src/report/index.js'
import { readTable } from '../../src/storage/parquet-table.js'
import { type LiveResult, live, replay } from '../../src/world/index.js'
import { parseCommand } from '../../src/world/live/operator-command.js'
import { command } from '../cli/in-process.js'
import { barMs, byHand } from './live-by-hand.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { lively, pairs } from './live-scenario.js'

describe('a run that is killed', () => {
  it('O4: goes on with the locks, limits, waiting closes and record of its operator', async () => {
    const world = await byHand({ checkpointEvery: 2 })
    world.pass(6 * barMs, 1_000)
    world.tell({ do: 'lock', pair: 'SOLUSD', forMs: 4 * 3_600_000, reason: 'news' })
    world.tell({ do: 'set', limits: { minConfidence: 0.6, pairs: 'SOLUSD,ADAUSD' }, reason: 'news' })
    world.tell({ do: 'close', pair: null, portfolio: null, reason: 'news', key: 'one' })
    const { locks, limits, operator } = world.shard.model
    expect(locks).toHaveLength(1)
    expect(operator?.actions.map(({ command: what }) => what)).toEqual(['lock SOLUSD', 'set minConfidence, pairs', 'close all'])
    world.die()
    const again = await byHand({ out: world.out, again: true, at: world.clock.now() + 1_000, history: 0 })
    expect(again.shard.model.locks).toEqual(locks)
    expect(again.shard.model.limits).toEqual(limits)
    expect(again.shard.model.operator).toEqual(operator)
    again.pass(2 * barMs, 1_000)
    const closing = again.shard.model.operator?.actions.at(-1)?.closing ?? []
    expect(closing.length).toBeGreaterThan(0)
    expect(closing.filter(({ priceUsd }) => priceUsd === null)).toEqual([])
    again.tell({ do: 'close', pair: null, portfolio: null, reason: 'news', key: 'one' })
    expect(again.shard.model.operator?.repeated).toBe(1)
  })
})

/** Positions that nothing but an operator or an opposite idea closes. */
const longHeld = { ...lively, baselineHorizonBars: 1_000, stopAtr: 0, targetAtr: 0 }

describe('the verbs of an operator', () => {
  const out = join(mkdtempSync(join(tmpdir(), 'mycelia-acts-')), 'run')
  afterAll(() => rmSync(join(out, '..'), { recursive: true, force: true }))
  const stop = new AbortController()
  let ended: Promise<LiveResult>
  const say = (...args: string[]) => command(args)
  const parts = async () => JSON.parse((await say('status', out, '--json')).stdout).parts[0].status

  beforeAll(async () => {
    const clock = acceleratedClock(20, Date.UTC(2026, 0, 1) + 100_000)
    const feed = () => new ScriptedFeed({ pairs, barMs: 1_000, clock, origin: Date.UTC(2026, 0, 1), history: 60 })
    const overrides = { clock, moats: undefined, feed }
    const request = { scenario: 'trifecta', timeframe: '1s', pairs, params: longHeld, environment: {}, signal: stop.signal }
    ended = live({ ...request, out, overrides })
    const held = async () => ((await parts())?.portfolios.baseline?.positions ?? []) as unknown[]
    await vi.waitFor(async () => expect(await held()).not.toEqual([]), { timeout: 25_000, interval: 100 })
  }, 30_000)

  it('act at once, say what came of it, and refuse with the names that are known', async () => {
    const closed = await say('close', out, 'all', '--reason', 'enough')
    expect(closed).toMatchObject({ code: 0, stderr: '' })
    expect(closed.stdout).toMatch(/^Journalled: close all of .*\nClosed \w+ \w+ at [\d.e-]+ \(P&L -?[\d,.]+ USD\)\./)
    expect(await say('close', out, 'DOGEUSD')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Unknown pair of this run/),
    })
    expect(await say('close', out, 'all', '--portfolio', 'mine')).toMatchObject({ code: 2 })
    const locked = await say('lock', out, 'SOL/USD', '--for', '4h', '--why', 'upgrade', '--json')
    expect(JSON.parse(locked.stdout)).toMatchObject({ taken: true, command: 'lock SOL/USD', reason: 'upgrade', refused: false })
    const set = await say('set', out, 'minConfidence=0.55', 'pairs=SOLUSD,ADAUSD')
    expect(set.stdout).toMatch(/minConfidence 0\.5 → 0\.55, whiteList none → SOLUSD ADAUSD\.\n$/)
    for (const [args, why] of [
      [['minConfidense=1'], /Unknown limit "minConfidense"\. Did you mean "minConfidence"/],
      [['minConfidence=high'], /limit "minConfidence": expected .*, got "high"/],
      [['pairs=DOGEUSD'], /Unknown pair of this run/],
      [['minConfidence'], /expected name=value/],
      [[], /limits to set: expected name=value/],
    ] as const)
      expect(await say('set', out, ...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(why) })
    expect(await say('close', 'all', '--redis', 'redis://127.0.0.1:9')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected --scenario with it/),
    })
    expect((await say('cancel', out)).stdout).toMatch(/orders? cancelled|No such order waited/)
    expect((await say('status', out)).stdout).toMatch(/Commands of operators:\n[\s\S]*set minConfidence, pairs, \d+ .* ago \(/)
    const status = await parts()
    expect(status.limits).toMatchObject({ minConfidence: 0.55, whiteList: ['SOLUSD', 'ADAUSD'] })
    expect(status.halts).toMatchObject([{ pair: 'SOLUSD', kind: 'operator', reason: 'upgrade' }])
    expect(status.commands.map((each: { command: string }) => each.command)).toEqual([
      'close all',
      'close DOGEUSD',
      'lock SOL/USD',
      'set minConfidence, pairs',
      'cancel all',
    ])
    expect((await say('unlock', status.halts[0].id, out)).code).toBe(0)
    await expect.poll(async () => (await parts()).halts).toEqual([])
  }, 30_000)

  it('O4: leave their trace in live.log and the table of commands, and a replay decides it all again', async () => {
    stop.abort('SIGTERM')
    const result = await ended
    const log = readFileSync(join(out, 'live.log'), 'utf8')
    expect(log).toMatch(/"event":"operator","command":"close all","reason":"enough"/)
    const table = await readTable(join(out, 'commands.parquet'), ['command', 'refused'])
    expect(table?.command).toHaveLength(6)
    expect(table?.refused?.filter(Boolean)).toHaveLength(1)
    const trades = await readTable(join(out, 'trades.parquet'), ['reason'])
    expect(trades?.reason).toContain('operator')
    const page = readFileSync(await writeReport(out), 'utf8')
    expect(page).toMatch(/<td>close all<\/td>[\s\S]*enough/)
    expect(page).toMatch(/Refused: Unknown pair of this run/)
    expect(await replay(out)).toMatchObject({ agrees: true, difference: null, digest: result.digest, outputs: result.outputs })
  }, 30_000)

  it('left for a run that has ended count from its next start', async () => {
    const left = await say('lock', out, 'SOLUSD', '--json')
    expect(JSON.parse(left.stdout)).toMatchObject({ taken: false })
  }, 15_000)
})

it.each([
  null,
  [],
  { do: 'close' },
  { do: 'close', reason: 1 },
  { do: 'close', reason: 'x', portfolio: 'mine' },
  { do: 'close', reason: 'x', pair: 'x'.repeat(501) },
  { do: 'close', reason: 'x', key: 'x'.repeat(101) },
  { do: 'cancel', reason: 'x', what: {} },
  { do: 'lock', reason: 'x' },
  { do: 'lock', reason: 'x', pair: 'SOLUSD', forMs: -1 },
  { do: 'lock', reason: 'x', pair: 'SOLUSD', forMs: 1e300 },
  { do: 'set', reason: 'x' },
  { do: 'set', reason: 'x', limits: {} },
  { do: 'set', reason: 'x', limits: JSON.parse('{"__proto__":1}') },
  { do: 'set', reason: 'x', limits: { a: Number.NaN } },
  { do: 'set', reason: 'x', limits: { a: [[[[1]]]] } },
  { do: 'set', reason: 'x', limits: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, 1])) },
  { do: 'sell', reason: 'x' },
])('%j is no command', value => expect(parseCommand(value)).toBeUndefined())
