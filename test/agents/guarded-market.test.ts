/** What a swarm believes of a live market: its miners hand on accepted prints, and bars without what was not accepted. */

import { expect, it } from 'vitest'
import type { SwarmParameters } from '../../src/agents/index.js'
import { BarFlag, lastAcceptedPrice } from '../../src/market/index.js'
import { Fills, MarketData, MarketTicks, TradeConfirmations } from '../../src/trading/index.js'
import { noFeatures } from '../trading/support.js'
import { type ByHand, barMs, ideaNow, message, pair, start, swarmByHand } from './swarm-by-hand.js'

const guardOf = ({ model }: ByHand) => model.miners.at(model.pairIndex(pair))?.guard
const trade = (swarm: ByHand, id: number, price: number, after = id) => ({
  kind: 'trade',
  trade: { pair, id, time: swarm.model.now + after, price, volume: 1 },
})

/** A live swarm after forty bars of before. */
function live(more: Partial<SwarmParameters> = {}): ByHand {
  const swarm = swarmByHand({ fillOn: 'ticks', ...more })
  swarm.tick({ kind: 'warmup', on: true })
  swarm.live(40)
  swarm.tick({ kind: 'warmup', on: false })
  return swarm
}

it('believes a simulated market as it is: no print guard, whatever happens there', () => {
  const swarm = swarmByHand()
  swarm.live(10)
  swarm.tick({ kind: 'stale', pair, since: start }, { kind: 'gap', pair, from: start, to: start + barMs })
  swarm.tick({ kind: 'stale', pair, since: null })
  swarm.step(swarm.bar(pair, 900))
  expect(guardOf(swarm)).toBeUndefined()
  expect(swarm.said(MarketData.at(pair)).at(-1)).toMatchObject({ close: 900, flags: 0 })
})

it('hands on the prints that were accepted, and no others', () => {
  const swarm = live()
  swarm.tick(trade(swarm, 1, 100), trade(swarm, 2, 100.5), trade(swarm, 3, 1_000), trade(swarm, 4, 101), trade(swarm, 5, 1_001))
  expect(swarm.said(MarketTicks.at(pair)).map(({ id }) => id)).toEqual([2, 4, 5])
})

it.each([
  ['a high of nine times the price', { open: 100, high: 900, low: 100 }],
  ['a low of a tenth of it', { open: 100, high: 100, low: 10 }],
  ['an open of 190,521', { open: 190_521, high: 190_521, low: 100 }],
])('%s that no accepted print supports moves neither ATR nor any other indicator', (_, odd) => {
  const analysisAfter = (more: object) => {
    const swarm = live()
    swarm.step(swarm.bar(pair, 100, more))
    swarm.live(3)
    return swarm.model.analysis(pair)
  }
  const calm = { open: 100, high: 100, low: 100 }
  const [with_, without] = [analysisAfter(odd), analysisAfter(calm)]
  expect(with_).toEqual(without)
})

it('a close of nine times the price is no observation, and entries wait for the next bar', () => {
  const swarm = live()
  const before = swarm.model.analysis(pair)
  const atr = structuredClone(before.atr)
  swarm.step(swarm.bar(pair, 900))
  expect(swarm.model.analysis(pair).atr).toEqual(atr)
  expect(swarm.instrument('baseline').priceUsd).toBeLessThan(110)
  expect(swarm.instrument('baseline').flags & BarFlag.outlier).not.toBe(0)
  swarm.step(swarm.bar(pair, 101))
  expect(swarm.instrument('baseline').flags & BarFlag.outlier).toBe(0)
})

it.each([
  ['a stale pair', [{ kind: 'stale', pair, since: start }], [{ kind: 'stale', pair, since: null }]],
  ['a gap', [{ kind: 'gap', pair, from: start, to: start + barMs }], []],
  ['a link that is down', [{ kind: 'link', since: start }], [{ kind: 'link', since: null }]],
  ['a sleep', [{ kind: 'unwatched', since: start }], []],
  ['a restart', [{ kind: 'warmup', on: true }], [{ kind: 'warmup', on: false }]],
])('%s ends the reference: two prints must agree', (_, begins, ends) => {
  const swarm = live()
  swarm.tick(trade(swarm, 1, 100), trade(swarm, 2, 100))
  expect(lastAcceptedPrice(guardOf(swarm) as never)).toBe(100)
  swarm.tick(...begins)
  expect(lastAcceptedPrice(guardOf(swarm) as never)).toBeNaN()
  swarm.tick(...ends)
  swarm.tick(trade(swarm, 3, 100))
  swarm.tick(trade(swarm, 4, 100))
  expect(swarm.said(MarketTicks.at(pair)).map(({ id }) => id)).toEqual([2, 4])
  swarm.step(swarm.bar(pair, 100))
  swarm.step(swarm.bar(pair, 100))
  expect(swarm.said(MarketData.at(pair)).map(({ flags }) => flags & BarFlag.unwatched)).toContain(BarFlag.unwatched)
  expect((swarm.said(MarketData.at(pair)).at(-1)?.flags ?? -1) & BarFlag.unwatched).toBe(0)
})

it('a stop that was reached while the pair was stale leaves at the second print after the return, at its price', () => {
  const swarm = live({ stopAtr: 1 })
  swarm.tick(trade(swarm, 1, 100), trade(swarm, 2, 100))
  swarm.tick(ideaNow(swarm, 'baseline', { horizonBars: 24, features: { ...noFeatures, atr: 0.1 } }))
  swarm.tick(trade(swarm, 3, 100, 300))
  expect(swarm.instrument('baseline').position?.stopUsd).toBe(90)
  swarm.tick({ kind: 'stale', pair, since: swarm.model.now })
  for (const [close, low] of [
    [100, 100],
    [91, 85],
    [99, 91],
  ] as const)
    swarm.step(swarm.bar(pair, close, { low }))
  expect(swarm.said(TradeConfirmations)).toEqual([])
  swarm.tick({ kind: 'stale', pair, since: null })
  swarm.tick(trade(swarm, 4, 99))
  expect(swarm.said(TradeConfirmations)).toEqual([])
  swarm.tick(trade(swarm, 5, 98.5))
  expect(swarm.said(TradeConfirmations)).toMatchObject([{ reason: 'stop', exitPriceUsd: 98.5 }])
})

it('a pair without data is not watched, even where the link is whole again', () => {
  const swarm = live()
  swarm.tick({ kind: 'stale', pair, since: swarm.model.now }, { kind: 'link', since: swarm.model.now })
  swarm.tick({ kind: 'link', since: null })
  swarm.step(swarm.bar(pair, 100))
  swarm.step(swarm.bar(pair, 100))
  expect((swarm.said(MarketData.at(pair)).at(-1)?.flags ?? 0) & BarFlag.unwatched).toBe(BarFlag.unwatched)
})

it.each([
  ['a sleep', [{ kind: 'unwatched', since: start }]],
  [
    'a lost link',
    [
      { kind: 'link', since: start },
      { kind: 'link', since: null },
    ],
  ],
])(
  'prints from before the end of %s fill nothing and are no reference; a minute later the clock is not trusted that far',
  (_, outage) => {
    const swarm = live()
    const woke = swarm.model.now
    swarm.tick(...outage)
    const old = (id: number) => ({ kind: 'trade', trade: { pair, id, time: woke - 1_000 + id, price: 100, volume: 1 } })
    swarm.tick(old(1), old(2), old(3))
    expect(swarm.said(MarketTicks.at(pair))).toEqual([])
    swarm.step(swarm.bar(pair, 100))
    swarm.step(swarm.bar(pair, 100))
    swarm.tick(old(4), old(5))
    expect(swarm.said(MarketTicks.at(pair)).map(({ id }) => id)).toEqual([5])
  },
)

it('a print of another process’s miner that comes again after a lost link fills nothing', () => {
  const swarm = live()
  swarm.tick(ideaNow(swarm, 'baseline', { horizonBars: 24 }))
  const fills = (price: number, time: number) => {
    swarm.tick(message(MarketTicks.at(pair), { pair, time, price, volume: 1 }))
    return swarm.said(Fills).length
  }
  const lost = swarm.model.now + 500
  swarm.tick({ kind: 'link', since: lost })
  swarm.step(swarm.bar(pair, 100))
  swarm.tick({ kind: 'link', since: null })
  expect(fills(100, lost)).toBe(0)
  expect(fills(100, swarm.model.now)).toBeGreaterThan(0)
})
