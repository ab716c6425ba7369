/** Time in a live run: it only grows, however the wall clock behaves; one step a bar, and at most one to catch up. */

import { expect, test } from 'vitest'
import { haltsInForce } from '../../src/trading/index.js'
import { replay } from '../../src/world/index.js'
import { BarClock } from '../../src/world/live/engine/bar-clock.js'
import { barMs, byHand, origin } from './live-by-hand.js'
import { scenario } from './live-scenario.js'

const hour = 3_600_000
const steps = (world: Awaited<ReturnType<typeof byHand>>) => world.loop.counters.steps

test('one step a bar, in ticks whose times strictly grow', async () => {
  const world = await byHand()
  world.pass(10 * barMs)
  expect(steps(world)).toBe(10)
  const times = world.committed.map(c => c.time)
  expect(times.every((time, i) => i === 0 || (time > (times[i - 1] as number) && Number.isInteger(time)))).toBe(true)
  expect(world.committed.some(c => c.trades.length > 0)).toBe(true)
})

test.each([
  ['forward an hour', hour],
  ['forward a day', 24 * hour],
  ['back an hour', -hour],
  ['back a day', -24 * hour],
])('T1: a wall clock set %s makes at most one step to catch up, and none twice', async (_, jump) => {
  const world = await byHand()
  world.pass(5 * barMs)
  const before = steps(world)
  world.clock.jump(jump)
  world.pass(1_000)
  expect(steps(world) - before).toBeLessThanOrEqual(1)
  world.pass(5 * barMs)
  expect(steps(world) - before).toBeLessThanOrEqual(6)
  expect(steps(world) - before).toBeGreaterThanOrEqual(5)
  const times = world.committed.map(c => c.time)
  expect(times.every((time, i) => i === 0 || time > (times[i - 1] as number))).toBe(true)
})

test('T1: after ten minutes asleep there is one step, its missed bars are a gap, and nothing fills at a price of meanwhile', async () => {
  const world = await byHand()
  world.pass(5 * barMs)
  const before = steps(world)
  const from = world.committed.length
  const woke = world.clock.now() + 10 * barMs
  world.clock.pass(10 * barMs)
  while (world.loop.poll());
  expect(steps(world) - before).toBe(1)
  expect(world.loop.bars.skipped).toBe(9)
  expect(world.shard.model.rollingWindow.gross.every(Number.isNaN)).toBe(true)
  world.pass(8 * barMs)
  const fills = world.committed.slice(from).flatMap(c => c.fills)
  expect(fills.some(fill => fill.opens)).toBe(true)
  expect(fills.some(fill => !fill.opens)).toBe(true)
  expect(fills.every(fill => fill.time >= woke)).toBe(true)
})

test('T2: steps never queue beyond one while a tick outlasts its bar; overruns are counted', async () => {
  const world = await byHand()
  const { sim } = world.shard.components
  const slow = sim.tick.bind(sim)
  sim.tick = given => {
    slow(given)
    if (given.step) world.clock.pass(3 * barMs)
  }
  world.pass(barMs + 5_000)
  expect(world.loop.counters.overruns).toBeGreaterThanOrEqual(4)
  expect(steps(world)).toBeLessThanOrEqual(world.loop.counters.overruns + 1)
  expect(world.loop.bars.skipped).toBeGreaterThanOrEqual(8)
})

test('a bar is over when every pair says so, or after its grace; never before', () => {
  const bars = new BarClock(barMs, origin)
  expect(bars.due(origin + barMs - 1, () => true)).toBeUndefined()
  expect(bars.due(origin + barMs, () => false)).toBeUndefined()
  expect(bars.due(origin + barMs, () => true)).toBe(origin + barMs)
  expect(bars.due(origin + barMs + 1_999, () => false)).toBeUndefined()
  expect(bars.due(origin + barMs + 2_000, () => false)).toBe(origin + barMs)
})

test('R2: a halt outlasts restarts across midnight, a clock an hour back and a day ahead; only the operator ends it', async () => {
  const midnight = origin + 24 * hour
  const first = await byHand({ at: midnight - 20 * barMs })
  first.pass(3 * barMs)
  first.command('halt', 'news')
  const halt = haltsInForce(first.shard.model.risk as never)
  expect(halt).toMatchObject([{ kind: 'operator', reason: 'news', ends: 'the operator resumes trading' }])
  first.die()
  for (const at of [midnight + barMs, midnight - hour, midnight + 23 * hour]) {
    const again = await byHand({ out: first.out, at, again: true })
    expect(haltsInForce(again.shard.model.risk as never)).toEqual(halt)
    const before = again.committed.length
    again.pass(3 * barMs)
    expect(again.committed.slice(before).flatMap(c => c.fills.filter(f => f.opens))).toEqual([])
    expect(haltsInForce(again.shard.model.risk as never)).toEqual(halt)
    again.die()
  }
  const last = await byHand({ out: first.out, at: midnight + 24 * hour, again: true })
  last.command('resume', 'over')
  expect(haltsInForce(last.shard.model.risk as never)).toEqual([])
  last.pass(5 * barMs)
  expect(last.committed.some(c => c.fills.some(f => f.opens))).toBe(true)
  last.die()
  expect(await replay(first.out, { scenario })).toMatchObject({ difference: null })
})

test.each([10, 0.1])(
  'I4: at a price × %f nothing is entered, and what is held is left at the second print there',
  async factor => {
    const world = await byHand()
    world.pass(10 * barMs)
    const portfolios = Object.values(world.shard.model.traders.at(0)?.portfolios ?? {})
    const held = portfolios.flatMap(({ held }) => held)[0]
    const [pair, price] = [held?.pair as string, (held?.priceUsd as number) * factor]
    const positions = portfolios.flatMap(p => p.held.filter(h => h.pair === pair)).length
    expect(positions).toBeGreaterThan(0)
    const fillsOf = (prints: number) => {
      const from = world.committed.length
      world.feed.flood(pair, prints, price)
      world.pass(1_000)
      return world.committed.slice(from).flatMap(c => c.fills.filter(f => f.pair === pair))
    }
    expect(fillsOf(1)).toEqual([])
    const left = fillsOf(1)
    expect(left).toHaveLength(positions)
    expect(left.every(fill => !fill.opens && Math.abs(fill.priceUsd / price - 1) < 0.01)).toBe(true)
    expect(world.shard.components.sim.quarantined).toEqual([])
  },
)

test('R3: with its risk manager quarantined nobody computes losses: nothing is entered, and what is held is left', async () => {
  const world = await byHand()
  world.pass(5 * barMs)
  const { model } = world.shard
  const held = () =>
    Object.values(model.traders.at(0)?.portfolios ?? {}).flatMap(b => b.held.filter(h => h.position !== null)).length
  for (let bars = 0; held() === 0 && bars < 50; bars++) world.pass(barMs)
  expect(held()).toBeGreaterThan(0)
  Object.defineProperty(model.riskManagers.at(0), 'step', { value: fails })
  // It fails in its next step; what was ordered up to then may still be filled.
  world.pass(2 * barMs)
  const from = world.committed.length
  world.pass(8 * barMs)
  expect(world.committed.slice(from).flatMap(c => c.fills.filter(f => f.opens))).toEqual([])
  expect(world.committed.slice(from).some(c => c.fills.length > 0)).toBe(true)
  expect(held()).toBe(0)
})

test('entries wait while a pair is stale, and its exits do not', async () => {
  const world = await byHand()
  world.pass(5 * barMs)
  world.feed.silent = true
  world.pass(2 * barMs)
  expect([...world.shard.model.stale.keys()].sort()).toEqual(['ADAUSD', 'SOLUSD', 'XETHZUSD', 'XXBTZUSD'])
  const from = world.committed.length
  world.feed.silent = false
  world.feed.stayStale = true
  world.pass(5 * barMs)
  expect(world.committed.slice(from).flatMap(c => c.fills.filter(f => f.opens))).toEqual([])
  world.feed.stayStale = false
  world.pass(5 * barMs)
  expect(world.shard.model.stale.size).toBe(0)
  expect(world.committed.slice(from).some(c => c.fills.some(f => f.opens))).toBe(true)
})

function fails(): never {
  throw new Error('a test')
}
