/** How often an analyst decides on a bar, on which bars it does, and how its ideas are named: live bars come late, again or in a batch. */

import { describe, expect, it } from 'vitest'
import { Analyst, type Bar, type Vote } from '../../src/market.js'
import { BaselineIdeas, equityE6, Fills, MarketRevisions } from '../../src/trading/index.js'
import { barMs, leader, pair, revision, swarmByHand } from './swarm-by-hand.js'

class Bull extends Analyst {
  static readonly type = 'Bull'
  judged: number[] = []

  override judge({ close }: Bar): Vote {
    this.judged.push(close)
    return { direction: 1, confidence: 1 }
  }
}

/** A swarm one of whose analysts wants to buy at every bar. */
function bullish() {
  const swarm = swarmByHand()
  const bull = swarm.model.spawn(Bull, { pair })
  swarm.live(3)
  const ideas = () => swarm.said(BaselineIdeas)
  /** A bar of the pair whose end is this long before the last step, or after it where negative. */
  const barAt = (endsBefore: number, close = 100) => {
    const last = swarm.model.now - (swarm.model.now % barMs)
    return swarm.bar(pair, close, { time: last - endsBefore * barMs - barMs })
  }
  return { ...swarm, bull, ideas, barAt }
}

describe('a correction of a bar', () => {
  it('is shown on a topic of its own, and decides, orders, fills, marks and observes nothing', () => {
    const swarm = bullish()
    const portfolio = swarm.portfolio('baseline')
    const known = () => ({
      ideas: swarm.ideas().length,
      judged: swarm.bull.judged.length,
      fills: swarm.said(Fills).length,
      entries: portfolio.entries.size,
      equity: equityE6(portfolio),
      odd: portfolio.oddBars,
      signals: portfolio.signals,
      analysis: structuredClone(swarm.model.analysis(pair)),
    })
    expect(swarm.instrument('baseline').position).not.toBeNull()
    const before = known()
    const { bar } = swarm.barAt(0, 50)
    swarm.tick(revision({ bar }))
    expect(known()).toEqual(before)
    expect(swarm.said(MarketRevisions.at(pair))).toEqual([bar])
  })
})

describe('an analyst', () => {
  it('decides once on each bar, at its end or as soon as it comes', () => {
    const swarm = bullish()
    const before = swarm.ideas().length
    swarm.tick(swarm.bar(pair, 101, { time: swarm.model.now }))
    swarm.step()
    expect(swarm.ideas()).toHaveLength(before + 1)
  })

  it('judges every bar that an outage held back, and has a view of the latest alone', () => {
    const swarm = bullish()
    const [ideas, judged] = [swarm.ideas().length, swarm.bull.judged.length]
    for (let bar = 0; bar < 4; bar++) swarm.step(swarm.bar(leader, 100))
    swarm.tick(...[3, 2, 1, 0].map(bars => swarm.barAt(bars, 110 - bars)))
    expect(swarm.bull.judged.slice(judged)).toEqual([107, 108, 109, 110])
    expect(swarm.ideas().slice(ideas)).toMatchObject([{ decidedAt: swarm.model.now }])
  })

  it('gives two bars that share a step two ideas with two names', () => {
    const swarm = bullish()
    swarm.step(swarm.bar(leader, 100))
    // The last bar comes after its step, and the next one with the next step.
    swarm.tick(swarm.barAt(0))
    swarm.step(swarm.bar(pair, 100))
    const ids = swarm.ideas().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.slice(-2)).toEqual([`Bull-0:5:${swarm.model.now - barMs}`, 'Bull-0:5'])
  })

  it('says nothing on the bars of a warm-up, from which it learns all the same', () => {
    const swarm = bullish()
    const [ideas, judged] = [swarm.ideas().length, swarm.bull.judged.length]
    swarm.tick({ kind: 'warmup', on: true })
    swarm.live(3)
    swarm.tick({ kind: 'warmup', on: false })
    expect(swarm.ideas()).toHaveLength(ideas)
    expect(swarm.bull.judged).toHaveLength(judged + 3)
    swarm.live(1)
    expect(swarm.ideas()).toHaveLength(ideas + 1)
  })
})
