/** Starting is part of running: the warm-up serves its surroundings, and a run begins, or goes on, when the exchange is back. */

import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock, type WallClock } from '../../src/feed/index.js'
import { type Bar, defaultPairs, type MarketInput } from '../../src/market/index.js'
import type { Trade } from '../../src/trading/index.js'
import { live } from '../../src/world/index.js'
import { planNewRun } from '../../src/world/live/engine/plan-new.js'
import type { LiveTick, Shard } from '../../src/world/live/engine/shard.js'
import { warmUp } from '../../src/world/live/engine/warm-up.js'
import { chooseAgents } from '../../src/world/live/peers/agents-choice.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { noRedis } from '../standins/redis.js'
import { make, startServer } from '../transport/redis-kit.js'
import { barMs, byHand, origin, temporary } from './live-by-hand.js'
import { pairs, scenario } from './live-scenario.js'

const bar = (k: number): Bar => {
  return { pair: 'SOLUSD', time: origin + k * barMs, barMs, open: 1, high: 1, low: 1, close: 1, volume: 1, flags: 0 }
}

/** A shard whose every step takes so long, and a feed in which inputs wait. */
function slowWorld(stepMs: number, bars: number, { now = origin + bars * barMs } = {}) {
  const ticks: LiveTick[] = []
  const queue: MarketInput[] = []
  const model = { warming: false }
  const shard: {
    closedUntil: number
    time: number
    model: typeof model
    components: object
    run(tick: LiveTick, closedUntil?: number): void
  } = {
    closedUntil: 0,
    time: 0,
    model,
    components: { answers: { take: () => [] } },
    run(tick: LiveTick, closedUntil: number = tick.time) {
      const end = performance.now() + stepMs
      while (performance.now() < end);
      for (const input of tick.inputs as { kind: string; on?: boolean }[])
        if (input.kind === 'warmup') model.warming = input.on === true
      ticks.push(tick)
      shard.time = tick.time
      if (tick.step) shard.closedUntil = closedUntil
    },
  }
  const world = { now }
  const feed = { barMs, now: () => world.now, closeBars: () => undefined, take: () => queue.splice(0) }
  const stop = new AbortController()
  const history = Array.from({ length: bars }, (_, k) => bar(k))
  const options = { shard: shard as unknown as Shard, history, feed, clock: systemClock(), until: stop.signal }
  return { ticks, queue, model, stop, options, world }
}

test.skipIf(noRedis)('a warm-up many times longer than the lease keeps lease and link', async () => {
  const server = await startServer()
  const a = make(server.url, 'a', { times: { pingEveryMs: 100, pingDeadlineMs: 600 } })
  expect((await a.start()).up).toBe(true)
  const changes: string[] = []
  const ttlMs = 1_000
  const lease = await a.claim(['Trading-0'], {
    holder: 'a',
    shown: 'a',
    ttlMs,
    renewMs: 200,
    onChange: state => changes.push(state),
  })
  onTestFinished(() => lease.release())
  const { options, ticks } = slowWorld(60, 80)
  await warmUp(options)
  expect(ticks.filter(tick => tick.step)).toHaveLength(80)
  expect(lease.isHeld).toBe(true)
  expect(changes).toEqual([])
  expect(lease.counts.renewed).toBeGreaterThan(3)
  expect(a.counters()).toMatchObject({ 'wire.silences': 0, downs: 0 })
})

test('a signal during the warm-up ends it after the step under way, and nobody goes on warming up', async () => {
  const { options, ticks, model, stop } = slowWorld(20, 1_000)
  setTimeout(() => stop.abort('SIGTERM'), 100)
  const { steps } = await warmUp(options)
  expect(steps).toBeGreaterThan(0)
  expect(steps).toBeLessThan(900)
  expect(ticks.at(-1)).toMatchObject({ step: false, inputs: [{ kind: 'warmup', on: false }] })
  expect(model.warming).toBe(false)
})

test('bars that end during the warm-up are steps of it; trades that come meanwhile fill nothing', async () => {
  const { options, ticks, queue, world } = slowWorld(1, 5)
  const trade: MarketInput = { kind: 'trade', trade: { pair: 'SOLUSD', time: origin + 5 * barMs, price: 1, volume: 1 } }
  const silence: MarketInput = { kind: 'stale', pair: 'SOLUSD', since: 1 }
  queue.push({ kind: 'bar', bar: bar(5) }, trade, silence, { kind: 'bar', bar: bar(6) }, trade)
  world.now = origin + 7 * barMs + 5_000
  queue.push({ kind: 'bar', bar: bar(7) })
  expect(await warmUp(options)).toEqual({ steps: 7, passedOver: 2, watchedAt: origin + 7 * barMs })
  expect(ticks.map(({ time, step }) => [(time - origin) / barMs, step]).slice(0, 7)).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map(end => [end, true]),
  )
  // The interval in progress is decided on live.
  expect(ticks.at(-1)?.inputs).toEqual([{ kind: 'warmup', on: false }, silence, { kind: 'bar', bar: bar(7) }])
})

test('commands of before are heard at the end of the warm-up, ahead of what is decided on, at the time of then; where it is stopped they go on waiting', async () => {
  const said = { kind: 'operator', command: { do: 'halt', reason: 'x' } }
  const commands = { take: () => [said], committed: () => void commits++ }
  let commits = 0
  const { options, ticks, queue, world } = slowWorld(0, 5)
  world.now = origin + 5 * barMs + 20_000
  queue.push({ kind: 'bar', bar: bar(5) })
  const { watchedAt } = await warmUp({ ...options, commands })
  expect([watchedAt, commits]).toEqual([origin + 5 * barMs, 1])
  expect(ticks.at(-1)).toEqual({
    time: world.now,
    step: false,
    inputs: [{ kind: 'warmup', on: false }, said, { kind: 'bar', bar: bar(5) }],
  })
  const stopped = slowWorld(0, 5)
  stopped.model.warming = true
  stopped.stop.abort()
  await warmUp({ ...stopped.options, commands })
  expect(stopped.ticks.flatMap(({ inputs }) => inputs)).toEqual([{ kind: 'warmup', on: false }])
})

test('a run that died in its warm-up does not warm up for ever', async () => {
  const { options, ticks, model } = slowWorld(0, 0)
  model.warming = true
  expect(await warmUp(options)).toEqual({ steps: 0, passedOver: 0, watchedAt: 0 })
  expect(ticks).toMatchObject([{ inputs: [{ kind: 'warmup', on: false }] }])
  await warmUp(options)
  expect(ticks).toHaveLength(1)
})

test('the exchange’s rules become those of the run, are said, and hold after a restart', async () => {
  const world = await byHand()
  const { model } = world.shard
  const before = model.rules.get('ADAUSD')
  world.feed.listed.push({ pair: 'ADAUSD', tickSize: 0.01, lotDecimals: 0, orderMin: 5_000, costMin: 0.5 })
  world.pass(250)
  const rules = { tickUsd: 0.01, lotE8: 1e8, minQtyE8: 5e11, minCostE6: 500_000 }
  expect(before).not.toEqual(rules)
  expect(model.rules.get('ADAUSD')).toEqual(rules)
  const portfolio = () => world.shard.model.traders.at(0)?.portfolios.baseline
  expect(portfolio()?.instruments.get('ADAUSD')?.rules).toEqual(rules)
  expect(portfolio()?.broker.rules.get('ADAUSD')).toEqual(rules)
  expect(world.notes).toEqual([
    expect.stringMatching(
      /^Orders obey the exchange's rules from now on: ADAUSD \(price step 0\.01 instead of 0\.000001, .*least quantity 5000 instead of 4\.4\)\.$/,
    ),
  ])
  // Said once: the same list again is no news.
  world.feed.listed.push({ pair: 'ADAUSD', tickSize: 0.01, lotDecimals: 0, orderMin: 5_000, costMin: 0.5 })
  world.pass(250)
  expect(world.notes).toHaveLength(1)
  world.die()
  const again = await byHand({ out: world.out, again: true, at: world.clock.now() + 1_000 })
  expect(again.shard.model.rules.get('ADAUSD')).toEqual(rules)
  expect(again.shard.model.traders.at(0)?.portfolios.baseline.instruments.get('ADAUSD')?.rules).toEqual(rules)
})

test('the operator’s own instruments stay in force where the exchange’s list says otherwise, and the difference is said', async () => {
  const world = await byHand({ params: { instruments: { ADAUSD: { orderMin: 10 } } } })
  const before = world.shard.model.rules.get('ADAUSD')
  world.feed.listed.push({ pair: 'ADAUSD', tickSize: 0.01, lotDecimals: 0, orderMin: 5, costMin: 0.5 })
  world.pass(250)
  expect(world.shard.model.rules.get('ADAUSD')).toEqual(before)
  expect(world.notes).toEqual([
    expect.stringMatching(/^The exchange's rules differ from your instruments, which stay in force: ADAUSD/),
  ])
})

test('a clock more than a bar away refuses entries until it is right again, also over a restart; exits go on', async () => {
  const world = await byHand()
  world.pass(3 * barMs)
  const entries = () => world.committed.flatMap(({ fills }) => fills).filter(fill => fill.opens).length
  expect(entries()).toBeGreaterThan(0)
  world.feed.offsetMs = barMs + 1
  world.pass(250)
  expect(world.shard.model.clocksOff).toEqual(new Map(pairs.map(pair => [pair, world.shard.time])))
  expect(world.notes).toEqual([expect.stringMatching(/^No entries: this machine's clock is more than a bar \(1m\) away/)])
  world.pass(barMs)
  const held = entries()
  world.pass(6 * barMs)
  expect(entries()).toBe(held)
  const { portfolios } = world.shard.model.traders.at(0) ?? {}
  expect(portfolios?.baseline.ignored.clockOff).toBeGreaterThan(0)
  expect(portfolios?.baseline.held).toEqual([])
  world.die()
  const again = await byHand({ out: world.out, again: true, at: world.clock.now() + 1_000 })
  expect(again.shard.model.clocksOff?.size).toBe(pairs.length)
  again.feed.offsetMs = barMs - 1
  again.pass(250)
  expect(again.shard.model.clocksOff?.size).toBe(0)
  again.pass(6 * barMs)
  expect(again.committed.flatMap(({ fills }) => fills).some(fill => fill.opens)).toBe(true)
})

test('a history that comes late is observed before the pair’s live bars, and nobody decides on it', async () => {
  const world = await byHand({ history: 0 })
  const { model } = world.shard
  const changes = () => model.analysis('ADAUSD').rsi.changes
  const bars = Array.from({ length: 200 }, (_, k) => ({ ...bar(k - 300), pair: 'ADAUSD', close: 1 + (k % 7) / 100, high: 1.1 }))
  expect(changes()).toBe(0)
  const ideas = model.traders.at(0)?.ideas.baseline
  // A price that nothing around it supports is believed no more than in a live bar.
  bars[195] = { ...(bars[195] as Bar), close: 50, high: 50 }
  world.feed.histories.push({ pair: 'ADAUSD', bars })
  world.pass(250)
  expect(changes()).toBeGreaterThan(0)
  expect(model.analysis('ADAUSD').atrShare).toBeLessThan(0.5)
  expect(model.traders.at(0)?.ideas.baseline).toBe(ideas)
  expect(model.traders.at(0)?.portfolios.baseline.instruments.get('ADAUSD')?.barTime).toBe(-1)
})

test('a new live run of the default pairs trades XRPUSD in the place of EOSUSD, and another choice of pairs stands', async () => {
  const everything = chooseAgents(undefined)
  const plan = await planNewRun({ scenario: 'trifecta' }, everything)
  expect(plan.params.pairs).toEqual(defaultPairs.map(pair => (pair === 'EOSUSD' ? 'XRPUSD' : pair)))
  expect(plan.params.pairs).toHaveLength(18)
  expect((await planNewRun({ scenario: 'trifecta', pairs: [...defaultPairs] }, everything)).params.pairs).toEqual(defaultPairs)
  expect((await planNewRun({ scenario }, everything)).params.pairs).toEqual(pairs)
})

test('a run with open positions goes on during the exchange’s maintenance, and leaves them once a price can be had', async () => {
  const before = await byHand()
  const held = () => Object.values(before.shard.model.traders.at(0)?.portfolios ?? {}).flatMap(portfolio => portfolio.held)
  for (let i = 0; i < 100 && !held().some(({ position }) => position !== null); i++) before.pass(10_000)
  const open = held().flatMap(({ position }) => (position === null ? [] : [position.tradeId]))
  expect(open.length).toBeGreaterThan(0)
  before.die()

  const kraken = await KrakenStandin.start()
  const prices = new Map(
    kraken.pairs.map(({ pair, symbol }) => [
      symbol,
      before.shard.model.traders.at(0)?.portfolios.baseline.instruments.get(pair)?.priceUsd ?? 100,
    ]),
  )
  const timer = setInterval(() => {
    for (const [symbol, price] of prices) kraken.trade(symbol, price, 1)
  }, 50)
  onTestFinished(async () => {
    clearInterval(timer)
    await kraken.stop()
  })
  kraken.away('maintenance')
  const notes: string[] = []
  const states: string[] = []
  const left: Trade[] = []
  let backAt = Number.POSITIVE_INFINITY
  const stop = new AbortController()
  const result = await live({
    scenario,
    out: before.out,
    environment: { KRAKEN_REST_URL: kraken.restUrl, KRAKEN_WS_URL: kraken.wsUrl, KRAKEN_REST_INTERVAL_MS: '5' },
    overrides: { moats: undefined },
    signal: stop.signal,
    onNote(note) {
      notes.push(note)
      if (!/attempt 2 failed/.test(note)) return
      kraken.away(undefined)
      backAt = Date.now()
    },
    onStatus: ({ state }) => void states.push(state),
    onCommitted({ trades }) {
      left.push(...trades)
      if (open.every(id => left.some(trade => trade.tradeId === id))) stop.abort('SIGTERM')
    },
  })
  expect(notes).toContainEqual(
    expect.stringMatching(/^The list of pairs at http.*: attempt 1 failed \(EService:Unavailable\)\. Next try in \d s\.$/),
  )
  expect(states[0]).toBe('waiting')
  expect(result.ended).toMatchObject({ by: 'signal' })
  // Left at prices of after the return.
  for (const id of open) expect(left.find(trade => trade.tradeId === id)?.exitTime).toBeGreaterThanOrEqual(backAt)
}, 60_000)

test('a run whose duration is over while the exchange is still away ends in good order', async () => {
  const kraken = await KrakenStandin.start()
  onTestFinished(() => kraken.stop())
  kraken.away('absent')
  const environment = { KRAKEN_REST_URL: kraken.restUrl, KRAKEN_WS_URL: kraken.wsUrl }
  const out = join(temporary(), 'run')
  const result = await live({ scenario, timeframe: '1s', out, forMs: 300, environment, overrides: { moats: undefined } })
  expect(result).toMatchObject({ steps: 0, ended: { by: 'time' } })
})

test('a run that is stopped while the exchange is still away keeps the process alive no longer, whatever its duration', async () => {
  const kraken = await KrakenStandin.start()
  onTestFinished(() => kraken.stop())
  kraken.away('absent')
  const environment = { KRAKEN_REST_URL: kraken.restUrl, KRAKEN_WS_URL: kraken.wsUrl }
  const clock = countedClock()
  const stop = new AbortController()
  setTimeout(() => stop.abort('SIGTERM'), 300)
  const out = join(temporary(), 'run')
  await live({ scenario, out, forMs: 86_400_000, environment, signal: stop.signal, overrides: { moats: undefined, clock } })
  expect(clock.waiting).toBe(0)
})

/** The system's clock, and how many of its timers wait. */
function countedClock(): WallClock & { readonly waiting: number } {
  const real = systemClock()
  const waiting = new Set<object>()
  return {
    now: () => real.now(),
    monotonic: () => real.monotonic(),
    setTimer(ms, f) {
      const timer = {}
      waiting.add(timer)
      const cancel = real.setTimer(ms, () => {
        waiting.delete(timer)
        f()
      })
      return () => {
        waiting.delete(timer)
        cancel()
      }
    },
    get waiting() {
      return waiting.size
    },
  }
}
