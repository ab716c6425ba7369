/** One print that nobody traded near, an outage and a restart, in a live run on a clock led by hand. */

import { expect, test } from 'vitest'
import { lastAcceptedPrice } from '../../src/market/index.js'
import { replay } from '../../src/world/index.js'
import { statusOf } from '../../src/world/live/operations/status.js'
import { type ByHand, barMs, byHand } from './live-by-hand.js'
import { scenario } from './live-scenario.js'

const pair = 'SOLUSD'
const fills = (world: ByHand) => world.committed.flatMap(c => c.fills)
/** The world's counters, as `status` has them. */
function countersOf({ shard, loop, feed, clock }: ByHand): Readonly<Record<string, number>> {
  const sources = {
    shard,
    loop,
    feed,
    moats: undefined,
    bridge: undefined,
    control: undefined,
    lastTrade: null,
    losses: {},
    agents: undefined,
    startedAt: 0,
    now: () => clock.now(),
  }
  return statusOf(sources, 'live').counters.world
}
const guardOf = (world: ByHand) => world.shard.model.miners.at(world.shard.model.pairIndex(pair))?.guard
const priceOf = (world: ByHand) => world.shard.model.traders.at(0)?.portfolios.baseline.instruments.get(pair)?.priceUsd as number

test.each([10, 9, 0.1])('a single print at the price × %f changes no fill, is counted once, and replays', async factor => {
  const run = async (spiked: boolean) => {
    const world = await byHand()
    world.pass(6.5 * barMs, 1_000)
    if (spiked) world.feed.flood(pair, 1, priceOf(world) * factor)
    world.pass(4 * barMs, 1_000)
    return world
  }
  const [calm, spiked] = [await run(false), await run(true)]
  expect(fills(spiked)).toEqual(fills(calm))
  expect(countersOf(calm).rejectedPrints).toBe(0)
  expect(countersOf(spiked)).toMatchObject({ rejectedPrints: 1, [`rejectedPrints.${pair}`]: 1, waitingPrints: 0 })
  spiked.die()
  expect(await replay(spiked.out, { scenario })).toMatchObject({ difference: null })
})

test('after an outage the first print is no reference: the second that agrees with it fills', async () => {
  const world = await byHand()
  world.pass(6 * barMs, 1_000)
  world.feed.silent = true
  world.pass(3 * barMs, 1_000)
  expect(lastAcceptedPrice(guardOf(world) as never)).toBeNaN()
  const from = world.committed.length
  const far = priceOf(world) * 0.6
  world.feed.silent = false
  world.pass(250)
  world.feed.flood(pair, 1, far)
  world.pass(250)
  expect(world.committed.slice(from).flatMap(c => c.fills.filter(f => f.pair === pair))).toEqual([])
  world.feed.flood(pair, 1, far * 1.001)
  world.pass(250)
  expect(lastAcceptedPrice(guardOf(world) as never)).toBe(far * 1.001)
})

test('a restart within a minute keeps the reference and what waits; a later one keeps neither', async () => {
  for (const [away, known] of [
    [5_000, true],
    [61_000, false],
  ] as const) {
    const world = await byHand()
    world.pass(4.4 * barMs, 1_000)
    world.feed.flood(pair, 1, priceOf(world) * 2)
    world.pass(250)
    const before = guardOf(world)
    expect(before?.waiting).toHaveLength(1)
    const at = world.clock.now() + away
    world.die()
    const again = await byHand({ out: world.out, at, again: true })
    again.pass(250)
    const after = guardOf(again)
    expect([after?.waiting.length === 1, Number.isNaN(lastAcceptedPrice(after as never))]).toEqual([known, !known])
    again.die()
  }
})
