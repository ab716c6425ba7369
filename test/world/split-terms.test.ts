/** What the exchange says besides the market is heard by one shard of a split run, and known to all. */

import { expect, test } from 'vitest'
import type { Swarm } from '../../src/agents/index.js'
import { idleFacts, whyIdle } from '../../src/agents/mycelial/why-idle.js'
import type { Bar } from '../../src/market/index.js'
import { type RemoteInput, type Simulation, simulate } from '../../src/model/index.js'
import { replay } from '../../src/world/index.js'
import { barMs, origin } from './live-by-hand.js'
import { pairs, scenario } from './live-scenario.js'
import { type Half, type TwoShards, twoShards } from './two-shards.js'

const pair = 'ADAUSD'
/** Whole units by the thousand, of which the script's market sells far smaller orders too. */
const listed = { pair, tickSize: 0.01, lotDecimals: 0, orderMin: 1_000, costMin: 0.5 }
const rules = { tickUsd: 0.01, lotE8: 1e8, minQtyE8: 1_000e8, minCostE6: 500_000 }

const rulesOf = ({ shard }: Half) => shard.model.rules.get(pair)
const portfoliosOf = ({ trading }: TwoShards) => Object.values(trading.shard.model.traders.at(0)?.portfolios ?? {})
const fillsOf = ({ trading }: TwoShards) => trading.shard.fills

test('the lot that the exchange’s list says is obeyed by the shard that trades', async () => {
  const world = await twoShards()
  const entries: number[] = []
  world.trading.shard.components.sim.tap((topic, message) => {
    const fill = message as { pair: string; opens: boolean; qtyE8: number }
    if (topic.name === 'fills' && fill.pair === pair && fill.opens) entries.push(fill.qtyE8)
  })
  await world.pass(3 * barMs, 1_000)
  expect(entries.some(qtyE8 => qtyE8 % 1e8 !== 0)).toBe(true)
  world.feed.listed.push(listed)
  await world.pass(2_000, 1_000)
  expect([world.learning, world.trading].map(rulesOf)).toEqual([rules, rules])
  for (const portfolio of portfoliosOf(world)) {
    expect(portfolio.instruments.get(pair)?.rules).toEqual(rules)
    expect(portfolio.broker.rules.get(pair)).toEqual(rules)
  }
  // What was ordered before keeps its quantity.
  await world.pass(2 * barMs, 1_000)
  entries.length = 0
  await world.pass(12 * barMs, 1_000)
  expect(entries.length).toBeGreaterThan(0)
  expect(entries.filter(qtyE8 => qtyE8 % 1e8 !== 0 || qtyE8 < rules.minQtyE8)).toEqual([])
  for (const half of [world.trading, world.learning]) {
    half.shard.close()
    expect(await replay(half.out, { scenario })).toMatchObject({ difference: null })
  }
}, 60_000)

test('a clock that is off by more than a bar refuses entries in the shard that trades, until it is right', async () => {
  const world = await twoShards()
  await world.pass(3 * barMs, 1_000)
  expect(fillsOf(world)).toBeGreaterThan(0)
  world.feed.offsetMs = barMs + 1
  await world.pass(barMs + 2_000, 1_000)
  expect([...(world.trading.shard.model.clocksOff?.keys() ?? [])]).toEqual(pairs)
  const ignored = () => portfoliosOf(world).reduce((sum, p) => sum + (p.ignored.clockOff ?? 0), 0)
  await world.pass(6 * barMs, 1_000)
  expect(ignored()).toBeGreaterThan(0)
  expect(portfoliosOf(world).flatMap(p => p.held)).toEqual([])
  const [fills, refused] = [fillsOf(world), ignored()]
  await world.pass(2 * barMs, 1_000)
  expect(fillsOf(world)).toBe(fills)
  expect(ignored()).toBeGreaterThan(refused)
  world.feed.offsetMs = barMs - 1
  await world.pass(6 * barMs, 1_000)
  expect(world.trading.shard.model.clocksOff?.size).toBe(0)
  expect(fillsOf(world)).toBeGreaterThan(fills)
}, 60_000)

test('a machine that trades by a wrong clock of its own enters nothing, says so, and a restart forgets nothing of it', async () => {
  const world = await twoShards()
  const clockOff = () => portfoliosOf(world).reduce((sum, p) => sum + (p.ignored.clockOff ?? 0), 0)
  const heldHere = () => portfoliosOf(world).flatMap(p => p.held)
  await world.pass(3 * barMs, 1_000)
  expect(fillsOf(world)).toBeGreaterThan(0)
  world.time.offsetMs = -barMs - 1
  await world.pass(8 * barMs, 1_000)
  // What others say of their own clocks changes nothing, nor do they hear of this one.
  for (const half of [world.trading, world.learning]) expect(half.shard.model.clocksOff?.size ?? 0).toBe(0)
  expect(world.learning.shard.model.clockOffSince).toBeUndefined()
  expect([clockOff() > 0, heldHere()]).toEqual([true, []])
  const fills = fillsOf(world)
  await world.restart('trading', 'goes on')
  const refused = clockOff()
  await world.pass(4 * barMs, 1_000)
  expect([fillsOf(world), clockOff() > refused]).toEqual([fills, true])
  expect(whyIdle(idleFacts(world.trading.shard.model, []))).toMatch(
    /^Nothing is entered: the clock has been more than a bar off the exchange's for/,
  )
  world.time.offsetMs = barMs - 1
  await world.pass(6 * barMs, 1_000)
  expect(world.trading.shard.model.clockOffSince).toBeUndefined()
  expect(fillsOf(world)).toBeGreaterThan(fills)
  world.trading.shard.close()
  expect(await replay(world.trading.out, { scenario })).toMatchObject({ difference: null })
}, 60_000)

test('a shard that joins later learns the terms at once, and with the next bar where their shard was started again', async () => {
  const world = await twoShards()
  world.feed.listed.push(listed)
  world.feed.offsetMs = barMs + 1
  await world.pass(2_000, 1_000)
  await world.restart('trading', 'afresh')
  expect(rulesOf(world.trading)).not.toEqual(rules)
  await world.pass(3_000, 500)
  expect(rulesOf(world.trading)).toEqual(rules)
  // What was last said of a topic is sent again on request; a process that was started again has said nothing yet.
  await world.restart('learning', 'goes on')
  await world.restart('trading', 'afresh')
  await world.pass(2 * barMs, 1_000)
  expect(rulesOf(world.trading)).toEqual(rules)
  expect([...(world.trading.shard.model.clocksOff?.keys() ?? [])]).toEqual(pairs)
}, 60_000)

test('a history that comes late is observed by every shard before its live bars, and not after them', async () => {
  const world = await twoShards({ history: 0 })
  const heard: number[] = []
  world.trading.shard.components.sim.tap((topic, message) => {
    if (topic.name === `market-histories:${pair}`) heard.push((message as { bars: unknown[] }).bars.length)
  })
  const historyUntil = (end: number) =>
    Array.from({ length: 300 }, (_, k): Bar => {
      const close = 1 + (k % 7) / 100
      return { pair, time: end - (300 - k) * barMs, barMs, open: close, high: 1.1, low: 0.9, close, volume: 5, flags: 0 }
    })
  const seen = ({ shard }: Half) => shard.model.analysis(pair)
  expect(seen(world.trading).rsi.changes).toBe(0)
  world.feed.histories.push({ pair, bars: historyUntil(origin + 100 * barMs) })
  await world.pass(1_000, 500)
  expect(heard).toEqual([300])
  expect(seen(world.trading).rsi.changes).toBeGreaterThan(0)
  expect(seen(world.trading)).toEqual(seen(world.learning))
  expect(portfoliosOf(world).map(p => p.instruments.get(pair)?.barTime)).toEqual([-1, -1, -1])
  expect(world.trading.shard.model.traders.at(0)?.ideas).toEqual({ baseline: 0, mycelial: 0 })
  await world.pass(2 * barMs, 1_000)
  // Whoever has heard live bars since then would go back in time.
  world.feed.histories.push({ pair, bars: historyUntil(origin + 101 * barMs) })
  await world.pass(1_000, 500)
  expect(heard).toEqual([300])
  expect(world.trading.connection.bridge?.counters.contradictory).toBe(1)
}, 60_000)

test('terms that another process says hold in their pair alone, and not against the user’s own instruments', () => {
  const sim = simulate(scenario, {
    seed: 1,
    params: { instruments: { SOLUSD: { orderMin: 10 } } },
  }) as unknown as Simulation<Swarm>
  const { model } = sim
  const hear = (time: number, of: string, terms: object) => {
    const input: RemoteInput = { kind: 'remote', topic: `exchange-terms:${of}`, agent: 1, message: { pair: of, ...terms } }
    sim.tick({ time, step: false, inputs: [input] })
  }
  const before = new Map(model.rules)
  hear(1, 'SOLUSD', { rules, clockOffSince: null })
  hear(2, pair, { rules, clockOffSince: 1 })
  expect([model.rules.get('SOLUSD'), model.rules.get(pair)]).toEqual([before.get('SOLUSD'), rules])
  expect(model.clocksOff).toEqual(new Map([[pair, 1]]))
  hear(3, 'SOLUSD', { rules: null, clockOffSince: null })
  expect(model.clocksOff?.size).toBe(1)
  hear(4, pair, { rules: null, clockOffSince: null })
  expect([model.rules.get(pair), model.clocksOff?.size]).toEqual([rules, 0])
})
