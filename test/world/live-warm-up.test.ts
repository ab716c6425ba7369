/** What the bars of the past do in a live run: everybody learns from them, nobody owns anything through them. */
import { expect, it } from 'vitest'
import { barMs, byHand } from './live-by-hand.js'

it('begins portfolios and buy-and-hold with the first bar that may be traded, and none with a bar of the past', async () => {
  const live = await byHand({ history: 60 })
  const { model } = live.shard
  const trader = () => {
    const found = model.traders.at(0)
    if (found === undefined) throw new Error('a live swarm has a trader')
    return found
  }
  const begun = () => {
    const { portfolios, buyAndHold } = trader()
    return [...Object.values(portfolios), buyAndHold].map(p => p.performance.bars)
  }
  expect(model.steps).toBeGreaterThan(30)
  expect(begun()).toEqual([0, 0, 0, 0])
  expect([...trader().buyAndHold.units]).toEqual(model.pairs.map(() => 0))
  const warm = model.steps
  live.pass(3 * barMs)
  const traded = model.steps - warm
  expect(traded).toBeGreaterThan(0)
  expect(begun()).toEqual([traded, traded, traded, traded])
  // Bought at a price of now: what it holds is worth what was spent, less its costs and what happened since.
  expect(Math.min(...trader().buyAndHold.units)).toBeGreaterThan(0)
  live.die()
})
