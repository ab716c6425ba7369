/** A held pair whose data has ended in a live run is left as in the laboratory; a silence that is the run's own ends nothing. */

import { describe, expect, it } from 'vitest'
import { Fills } from '../../src/trading/index.js'
import { barMs, ideaNow, leader, other, pair, pairs, swarmByHand } from './swarm-by-hand.js'

const bars = 5
const stale = (of: string, since: number | null) => ({ kind: 'stale', pair: of, since })
const gap = (of: string, to: number) => ({ kind: 'gap', pair: of, from: to - barMs, to })

/** A long position in the pair; data have ended after five bars without one. */
function holding() {
  const swarm = swarmByHand({ dataEndedBars: bars, dataEndedDays: 0, baselineHorizonBars: 1_000 })
  swarm.live(3)
  swarm.tick(ideaNow(swarm, 'mycelial', { horizonBars: 1_000 }))
  swarm.live(1)
  const held = () => swarm.instrument('mycelial').position !== null
  expect(held()).toBe(true)
  return {
    ...swarm,
    held,
    /** So many bars of the other pairs alone. */
    without(n: number) {
      for (let i = 0; i < n; i++) swarm.step(swarm.bar(leader, 100), swarm.bar(other, 100))
    },
    /** So many bars of no pair. */
    dark(n: number) {
      for (let i = 0; i < n; i++) swarm.step()
    },
    ended: () => (swarm.model.summary() as { dataEnded: { pair: string; positions: number }[] }).dataEnded,
  }
}

describe('a held pair', () => {
  it('that is silent while others trade is left after the silence that ends its data, at a loss, and named', () => {
    const swarm = holding()
    swarm.tick(stale(pair, swarm.model.now))
    swarm.without(bars - 1)
    expect(swarm.held()).toBe(true)
    swarm.without(1)
    expect(swarm.held()).toBe(false)
    const last = swarm
      .said(Fills)
      .filter(({ portfolio }) => portfolio === 'mycelial')
      .at(-1)
    expect(last).toMatchObject({ opens: false, side: 'sell' })
    expect(last?.priceUsd).toBeLessThan(100)
    expect(swarm.ended()).toMatchObject([{ pair, positions: 1 }])
  })

  it('is kept while no pair has data, and until it was watched for as long once they have', () => {
    const swarm = holding()
    swarm.tick(...pairs.map(of => stale(of, swarm.model.now)))
    swarm.dark(3 * bars)
    expect(swarm.held()).toBe(true)
    // The outage is over. What the pair did in it is lost.
    swarm.tick(...pairs.map(of => gap(of, swarm.model.now)), ...pairs.map(of => stale(of, null)))
    swarm.without(bars - 1)
    expect(swarm.held()).toBe(true)
    swarm.without(2)
    expect(swarm.held()).toBe(false)
  })

  it('whose bars of the outage come after all has been silent since the last of them', () => {
    const swarm = holding()
    swarm.tick(...pairs.map(of => stale(of, swarm.model.now)))
    swarm.dark(2 * bars)
    swarm.tick(...pairs.map(of => stale(of, null)))
    // The others' bars came with them; the pair had none.
    swarm.without(1)
    expect(swarm.held()).toBe(false)
  })

  it('is not judged by the bars of a restart, whose beginning nobody saw', () => {
    const swarm = holding()
    swarm.tick({ kind: 'warmup', on: true })
    swarm.skip(4 * bars)
    swarm.without(2)
    swarm.tick({ kind: 'warmup', on: false })
    swarm.without(bars - 2)
    expect(swarm.held()).toBe(true)
    swarm.without(2)
    expect(swarm.held()).toBe(false)
  })
})
