/** A position that an operator closes leaves at the next print that is really served, believed or not; nothing else does. */

import { expect, test } from 'vitest'
import type { Portfolio, PortfolioName } from '../../src/trading/index.js'
import { replay } from '../../src/world/index.js'
import { type ByHand, barMs, byHand } from './live-by-hand.js'
import { pairs, scenario } from './live-scenario.js'

const portfolioOf = (world: ByHand, name: PortfolioName) => world.shard.model.traders.at(0)?.portfolios[name] as Portfolio
const positionIn = (world: ByHand, name: PortfolioName, pair: string) =>
  portfolioOf(world, name).instruments.get(pair)?.position ?? null
const guardOf = (world: ByHand, pair: string) => world.shard.model.miners.at(world.shard.model.pairIndex(pair))?.guard
const tradesSince = (world: ByHand, ticks: number) => world.committed.slice(ticks).flatMap(c => c.trades)

/** A run in which two portfolios hold the same pair, each with a stop, and stand in the middle of a bar. */
async function holding() {
  const world = await byHand({ params: { baselineHorizonBars: 1_000, latencyMs: 100, stopAtr: 30, targetAtr: 0 } })
  world.pass(2.65 * barMs, 250)
  for (let bar = 0; bar < 40; bar++) {
    const pair = pairs.find(each => {
      const held = [positionIn(world, 'baseline', each), positionIn(world, 'mycelial', each)]
      return held.every(position => position !== null && position.leaving === null && position.stopUsd > 0)
    })
    if (pair !== undefined) return { world, pair }
    world.pass(barMs, 250)
  }
  throw new Error('no pair is held by both')
}

/** A price beyond the stop, that nobody trades near. */
function beyondStop(world: ByHand, pair: string): number {
  const position = positionIn(world, 'mycelial', pair)
  if (position === null) throw new Error('nothing is held')
  return position.entryPriceUsd * (position.signal.direction === 1 ? 0.2 : 5)
}

test('an operator’s close fills at the next print, though the guard holds it back; a stop of another portfolio does not use it', async () => {
  const { world, pair } = await holding()
  const before = guardOf(world, pair)?.accepted.slice()
  const { priceUsd, knownUsd } = portfolioOf(world, 'mycelial').instruments.get(pair) ?? {}
  const from = world.committed.length
  world.tell({ do: 'close', pair, portfolio: 'baseline', reason: 'out' })
  expect(positionIn(world, 'baseline', pair)?.leaving).toBe('operator')
  world.pass(250)
  expect(tradesSince(world, from)).toEqual([])
  const price = beyondStop(world, pair)
  world.feed.flood(pair, 1, price)
  world.pass(250)
  const trades = tradesSince(world, from)
  expect(trades.map(({ portfolio, reason }) => [portfolio, reason])).toEqual([['baseline', 'operator']])
  expect(Math.abs((trades[0]?.exitPriceUsd ?? 0) / price - 1)).toBeLessThan(0.01)
  expect(world.shard.model.operator?.actions.at(-1)?.closing[0]?.priceUsd).toBe(trades[0]?.exitPriceUsd)
  // The print waits for a second one as ever, and is neither reference nor mark nor stop.
  expect(guardOf(world, pair)).toMatchObject({ accepted: before, waiting: [{ price }] })
  expect(portfolioOf(world, 'mycelial').instruments.get(pair)).toMatchObject({ priceUsd, knownUsd })
  expect(positionIn(world, 'mycelial', pair)?.leaving).toBeNull()
  world.pass(3 * barMs, 1_000)
  expect(guardOf(world, pair)?.rejected).toBe(1)
  expect(tradesSince(world, from).filter(t => t.reason === 'stop' && t.pair === pair)).toEqual([])
  const { digest } = world.shard.components.sim
  world.die()
  expect(await replay(world.out, { scenario })).toMatchObject({ difference: null, digest })
}, 30_000)

test('a print from before the command, or too soon after it, closes nothing; where none comes the position waits', async () => {
  const { world, pair } = await holding()
  const from = world.committed.length
  world.feed.flood(pair, 1, beyondStop(world, pair))
  world.pass(250)
  world.tell({ do: 'close', pair, portfolio: 'baseline', reason: 'out' })
  // Decided in the tick that has just been: a print of the same instant is nearer than the latency of every order.
  world.feed.flood(pair, 1, beyondStop(world, pair) * 2)
  world.pass(10, 10)
  expect(tradesSince(world, from)).toEqual([])
  expect(positionIn(world, 'baseline', pair)?.leaving).toBe('operator')
  world.feed.muted.add(pair)
  world.pass(2 * barMs, 1_000)
  expect(tradesSince(world, from).filter(t => t.portfolio === 'baseline' && t.pair === pair)).toEqual([])
  expect(positionIn(world, 'baseline', pair)?.leaving).toBe('operator')
}, 30_000)

test('after an outage an operator’s close takes the first print, while a stop waits for the second', async () => {
  const { world, pair } = await holding()
  world.feed.silent = true
  world.pass(3 * barMs, 1_000)
  const from = world.committed.length
  world.tell({ do: 'close', pair, portfolio: 'baseline', reason: 'out' })
  world.feed.silent = false
  world.pass(250)
  world.feed.flood(pair, 1, beyondStop(world, pair))
  world.pass(250)
  expect(
    tradesSince(world, from)
      .filter(t => t.pair === pair)
      .map(t => [t.portfolio, t.reason]),
  ).toEqual([['baseline', 'operator']])
}, 30_000)
