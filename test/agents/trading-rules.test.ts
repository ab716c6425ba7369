/** When the swarm's trader enters and when it does not; leaving a position needs no permission. */

import { describe, expect, it } from 'vitest'
import {
  Fills,
  type Halt,
  type PortfolioName,
  SynthesizedTrades,
  SystemControl,
  TradeConfirmations,
} from '../../src/trading/index.js'
import { type ByHand, barMs, ideaNow, message, other, pair, swarmByHand } from './swarm-by-hand.js'

/** A swarm whose pairs have a price. */
function priced(params: Parameters<typeof swarmByHand>[0] = {}): ByHand {
  const swarm = swarmByHand(params)
  swarm.live(2)
  return swarm
}

const waiting = (swarm: ByHand, name: PortfolioName, of = pair) => swarm.instrument(name, of).entry !== null
const held = (swarm: ByHand, name: PortfolioName, of = pair) => swarm.instrument(name, of).position?.signal.direction
/** Holds a long position in the pair of the tests. */
function holding(params: Parameters<typeof swarmByHand>[0] = {}): ByHand {
  const swarm = priced(params)
  swarm.tick(ideaNow(swarm, 'baseline', { horizonBars: 50 }))
  swarm.live(1)
  expect(held(swarm, 'baseline')).toBe(1)
  return swarm
}

const halt = (kind: Halt['kind'], on: boolean, portfolio: Halt['portfolio'] = 'all') =>
  message(SystemControl, {
    id: `${portfolio}:${kind}`,
    portfolio,
    pair: null,
    kind,
    on,
    time: 1,
    until: null,
    reason: 'a test',
    ends: 'a test',
  })

describe('bars of the past are learnt from and not traded on', () => {
  it('an idea while warming up is no order, no collision and no idea of the run; once it is over it is', () => {
    const swarm = priced()
    swarm.tick({ kind: 'warmup', on: true })
    swarm.tick(ideaNow(swarm, 'baseline'), ideaNow(swarm, 'mycelial'))
    swarm.live(1)
    for (const name of ['baseline', 'mycelial', 'synthesized'] as const) {
      expect(swarm.portfolio(name)).toMatchObject({ signals: 0, broker: { orders: { accepted: 0 } } })
    }
    expect(swarm.model.summary()).toMatchObject({ ideas: 0, fills: 0, collisions: { seen: 0 } })
    swarm.tick({ kind: 'warmup', on: false }, ideaNow(swarm, 'baseline'))
    expect(waiting(swarm, 'baseline')).toBe(true)
    expect(swarm.model.summary()).toMatchObject({ ideas: 1 })
  })

  it('and they do warm up: indicators and window know them', () => {
    const swarm = swarmByHand()
    swarm.tick({ kind: 'warmup', on: true })
    swarm.live(30)
    expect(swarm.model.rollingWindow.seen[swarm.model.pairIndex(pair)]).toBe(29)
    expect(swarm.model.analysis(pair).rsi).not.toBeNaN()
  })
})

describe('entries wait', () => {
  type Rule = readonly [why: string, code: string, begins: object, ends: object]
  const rules: Rule[] = [
    ['while the pair’s data are silent', 'stalePair', { kind: 'stale', pair, since: 5 }, { kind: 'stale', pair, since: null }],
    ['while the link to other processes is in doubt', 'linkDown', { kind: 'link', since: 5 }, { kind: 'link', since: null }],
    ['while a halt of any kind is on', 'operator', halt('operator', true), halt('operator', false)],
    ['while their own portfolio is halted', 'drawdown', halt('drawdown', true, 'baseline'), halt('drawdown', false, 'baseline')],
  ]

  it.each(rules)('%s, and are counted as %s; afterwards they are made', (_, code, begins, ends) => {
    const swarm = priced()
    swarm.tick(begins)
    swarm.tick(ideaNow(swarm, 'baseline'))
    expect(waiting(swarm, 'baseline')).toBe(false)
    expect(swarm.portfolio('baseline').ignored).toEqual({ [code]: 1 })
    swarm.tick(ends)
    swarm.tick(ideaNow(swarm, 'baseline'))
    expect(waiting(swarm, 'baseline')).toBe(true)
  })

  it.each(rules)('%s, but a position is left by an opposite idea all the same', (_, __, begins) => {
    const swarm = holding()
    swarm.tick(begins)
    swarm.tick(ideaNow(swarm, 'baseline', { direction: -1 }))
    swarm.live(1)
    expect(held(swarm, 'baseline')).toBeUndefined()
    expect(swarm.said(TradeConfirmations)).toMatchObject([{ reason: 'opposite' }])
  })

  it.each(rules)('%s, but a position is left at its horizon all the same, at the open of the bar after it', (_, __, begins) => {
    const swarm = priced()
    swarm.tick(ideaNow(swarm, 'baseline', { horizonBars: 3 }))
    swarm.live(1)
    swarm.tick(begins)
    swarm.live(2)
    expect(held(swarm, 'baseline')).toBe(1)
    const opened = swarm.model.now
    swarm.live(1)
    expect(swarm.said(TradeConfirmations)).toMatchObject([{ reason: 'horizon', barsHeld: 3, exitTime: opened }])
    expect(held(swarm, 'baseline')).toBeUndefined()
  })

  it('only in the pair that is silent, only in the portfolio that is halted', () => {
    const swarm = priced()
    swarm.tick({ kind: 'stale', pair, since: 5 }, halt('drawdown', true, 'mycelial'))
    swarm.tick(ideaNow(swarm, 'baseline', { pair: other }), ideaNow(swarm, 'mycelial', { pair: other }))
    expect(waiting(swarm, 'baseline', other)).toBe(true)
    expect(waiting(swarm, 'mycelial', other)).toBe(false)
    expect(waiting(swarm, 'synthesized', other)).toBe(true)
  })

  it('in a forbidden pair for good, and in no other', () => {
    const swarm = priced({ forbiddenPairs: [pair] })
    swarm.tick(ideaNow(swarm, 'baseline'), ideaNow(swarm, 'baseline', { pair: other }))
    expect([waiting(swarm, 'baseline'), waiting(swarm, 'baseline', other)]).toEqual([false, true])
  })

  it('for good once the risk manager is quarantined', () => {
    const swarm = priced()
    Object.defineProperty(swarm.model.riskManagers.at(0), 'step', {
      value() {
        throw new Error('I am broken')
      },
    })
    swarm.live(1)
    swarm.tick(ideaNow(swarm, 'baseline'))
    expect(swarm.sim.quarantined).toMatchObject([{ agent: 'RiskManagement-0' }])
    expect(waiting(swarm, 'baseline')).toBe(false)
  })

  it('a halt cancels those that wait already', () => {
    const swarm = priced()
    swarm.tick(ideaNow(swarm, 'baseline'), ideaNow(swarm, 'mycelial'))
    swarm.tick(halt('operator', true))
    for (const name of ['baseline', 'mycelial', 'synthesized'] as const) {
      expect(waiting(swarm, name)).toBe(false)
      expect(swarm.portfolio(name).broker.orders.cancelled.halted).toBe(1)
    }
  })

  it('two halts are two: the end of one does not end the other', () => {
    const swarm = priced()
    swarm.tick(halt('operator', true), halt('contagion', true))
    swarm.tick(halt('contagion', false))
    swarm.tick(ideaNow(swarm, 'baseline'))
    expect(waiting(swarm, 'baseline')).toBe(false)
    swarm.tick(halt('operator', false))
    swarm.tick(ideaNow(swarm, 'baseline'))
    expect(waiting(swarm, 'baseline')).toBe(true)
  })
})

describe('an idea', () => {
  it.each(['baseline', 'mycelial'] as const)('of one kind goes to the portfolio of that kind alone: %s', source => {
    const swarm = priced()
    swarm.tick(ideaNow(swarm, source))
    const names = ['baseline', 'mycelial', 'synthesized'] as const
    expect(names.filter(name => waiting(swarm, name))).toEqual([source])
    expect(swarm.model.summary()).toMatchObject({ ideas: 1, ideasBySource: { baseline: 0, mycelial: 0, [source]: 1 } })
  })

  it('that agrees with one of the other kind goes to the synthesized portfolio too, as a collision', () => {
    const swarm = priced()
    swarm.tick(ideaNow(swarm, 'baseline', { direction: -1 }), ideaNow(swarm, 'mycelial', { direction: -1 }))
    swarm.live(1)
    expect(held(swarm, 'synthesized')).toBe(-1)
    expect(swarm.portfolio('synthesized').collisions).toBe(1)
    expect(swarm.portfolio('baseline').collisions).toBe(0)
  })

  it('that disagrees with the other kind, or is of another pair, does not', () => {
    const swarm = priced()
    swarm.tick(
      ideaNow(swarm, 'baseline'),
      ideaNow(swarm, 'mycelial', { direction: -1 }),
      ideaNow(swarm, 'mycelial', { pair: other }),
    )
    expect(swarm.portfolio('synthesized').signals).toBe(0)
  })

  it.each([
    [249, true],
    [250, true],
    [251, false],
  ])('that memory held back for %i ms counts as decided when it was had: %s', (heldBack, own) => {
    const swarm = priced({ latencyMs: 250 })
    const decidedAt = swarm.model.now + 1 - heldBack
    swarm.tick(ideaNow(swarm, 'mycelial', { decidedAt }))
    expect(swarm.instrument('mycelial').entry?.order.submittedAt).toBe(own ? decidedAt : swarm.model.now)
  })

  it('whose horizon is over is no order, and counted as expired; one that ends a bar later is one', () => {
    const swarm = priced()
    const next = swarm.model.now + 1
    swarm.tick(ideaNow(swarm, 'baseline', { decidedAt: next - barMs, horizonBars: 1 }))
    expect(swarm.model.summary()).toMatchObject({ portfolios: { baseline: { ideas: 1, expired: 1 } } })
    swarm.tick(ideaNow(swarm, 'mycelial', { decidedAt: next - barMs, horizonBars: 2 }))
    expect([waiting(swarm, 'baseline'), waiting(swarm, 'mycelial')]).toEqual([false, true])
  })

  it('of each kind decided a whole bar apart do not collide, however close they come in', () => {
    const swarm = priced()
    const at = swarm.model.now
    swarm.tick(ideaNow(swarm, 'baseline', { decidedAt: at - barMs }), ideaNow(swarm, 'mycelial', { decidedAt: at }))
    expect(swarm.model.summary()).toMatchObject({ collisions: { seen: 0 } })
    swarm.tick(ideaNow(swarm, 'baseline', { decidedAt: at - barMs + 1 }))
    expect(swarm.model.summary()).toMatchObject({ collisions: { seen: 1 } })
    expect(swarm.instrument('synthesized').entry?.signal).toMatchObject({ decidedAt: at })
  })

  it('that has expired is no order; at its last instant it is one', () => {
    const swarm = priced()
    const next = swarm.model.now + 1
    swarm.tick(ideaNow(swarm, 'baseline', { decidedAt: next - 1_000, expiresAt: next - 1 }))
    expect(swarm.portfolio('baseline').ignored.expired).toBe(1)
    swarm.tick(ideaNow(swarm, 'mycelial', { decidedAt: next - 1_000, expiresAt: next + 1 }))
    expect(waiting(swarm, 'mycelial')).toBe(true)
  })
})

describe('what the trader says', () => {
  it('is every fill and every trade, and those of the synthesized portfolio once more', () => {
    const swarm = priced()
    swarm.tick(ideaNow(swarm, 'baseline', { horizonBars: 1 }), ideaNow(swarm, 'mycelial', { horizonBars: 1 }))
    swarm.live(2)
    const names = swarm.said(TradeConfirmations).map(trade => trade.portfolio)
    expect(names.sort()).toEqual(['baseline', 'mycelial', 'synthesized'])
    expect(swarm.said(SynthesizedTrades).map(trade => trade.portfolio)).toEqual(['synthesized'])
    expect(swarm.said(Fills).map(fill => fill.opens)).toEqual([true, true, true, false, false, false])
    expect(swarm.model.summary()).toMatchObject({ fills: 6, trades: 3 })
  })

  it('ends with the data: every position is closed at its pair’s last close', () => {
    const swarm = holding()
    swarm.step(swarm.bar(pair, 123))
    swarm.model.finish()
    expect(swarm.said(TradeConfirmations)).toMatchObject([{ reason: 'end', exitPriceUsd: 123, exitTime: swarm.model.now }])
  })

  it('says which pair’s data ended while a position was open, and when its last bar did', () => {
    const swarm = holding({ dataEndedBars: 2, dataEndedDays: 0 })
    const lastBarEnd = swarm.model.now
    for (let bar = 0; bar < 3; bar++) swarm.step(swarm.bar(other, 50))
    expect(swarm.said(TradeConfirmations)).toMatchObject([{ reason: 'data-ended', portfolio: 'baseline' }])
    expect(swarm.model.summary()).toMatchObject({ dataEnded: [{ pair, lastBarEnd, positions: 1 }] })
  })

  it('a trade on the tape fills where orders fill on ticks: the first at or after decision and latency, of that pair', () => {
    const swarm = priced({ fillOn: 'ticks', latencyMs: 250 })
    swarm.tick(ideaNow(swarm, 'baseline'))
    const decided = swarm.instrument('baseline').entry?.order.submittedAt as number
    const tape = (of: string, after: number, price: number) => ({
      kind: 'trade',
      trade: { pair: of, time: decided + after, price, volume: 1 },
    })
    swarm.tick(tape(pair, 248, 70), tape(pair, 249, 70), tape(other, 260, 71))
    expect(held(swarm, 'baseline')).toBeUndefined()
    swarm.tick(tape(pair, 250, 72), tape(pair, 251, 73))
    expect(swarm.said(Fills)).toMatchObject([{ priceUsd: 72, time: decided + 250, pair }])
    expect(swarm.model.now - decided).toBeLessThan(barMs)
  })
})
