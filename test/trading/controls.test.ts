/** The controls: random entries and count-matched thinnings. */

import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, Rng, rootOf } from '../../src/core/index.js'
import { evennessOf } from '../../src/experiment/statistics/uniform.js'
import {
  type ControlIdea,
  ControlRecorder,
  type ControlTrade,
  controlSentences,
  controlsOf,
  netReturn,
  randomEntry,
  repriced,
  type TradeCosts,
  thinning,
} from '../../src/trading/index.js'

const free: TradeCosts = { feeRate: 0, halfSpread: 0, slippage: 0, borrowRatePerDay: 0 }
const kraken: TradeCosts = { feeRate: 0.004, halfSpread: 0.0002, slippage: 0.0003, borrowRatePerDay: 0.0002 }
const rng = () => Rng.derive(rootOf(1), 7, 0)
const at = (bar: number) => bar * HOUR_MS

function trade(over: Partial<ControlTrade> & { from?: number; to?: number } = {}): ControlTrade {
  const { from = 10, to = 14, ...rest } = over
  const times = { entryTime: at(from), exitTime: at(to) }
  return { portfolio: 'baseline', pair: 'A', direction: 1, net: 0, ideaId: `i${from}`, ...times, ...rest }
}

/** A recorder that has seen bars with these opens. */
function recorded(opens: Record<string, readonly number[]>): ControlRecorder {
  const recorder = new ControlRecorder()
  for (const [pair, prices] of Object.entries(opens))
    prices.forEach((open, bar) => {
      recorder.bar(pair, at(bar), open)
    })
  return recorder
}
const rising = Array.from({ length: 1_000 }, (_, i) => 100 * 1.001 ** i)
const flat = Array.from({ length: 1_000 }, () => 100)

describe('random entry', () => {
  const entries = (opens: readonly number[], trades: readonly ControlTrade[], costs = free) =>
    randomEntry(trades, { opens: recorded({ A: opens }).opens(), costs, rng: rng() })

  it('keeps count, directions and holding times: in a steady rise only the moment differs, so every draw earns the same', () => {
    const trades = [trade(), trade({ from: 50, to: 53 }), trade({ from: 80, to: 82, direction: -1 })]
    const gross = (1.001 ** 4 - 1 + (1.001 ** 3 - 1) - (1.001 ** 2 - 1)) / 3
    const drawn = entries(rising, trades)
    expect(drawn).toMatchObject({ draws: 20, trades: 3, atLeast: 20 })
    expect(drawn?.net).toBeCloseTo(gross, 12)
    expect(drawn?.sd).toBeCloseTo(0, 12)
  })

  it('pays the costs of its trades: in a market that stands still it loses them exactly', () => {
    const long = entries(flat, [trade()], kraken)
    const short = entries(flat, [trade({ direction: -1, to: 10 + 24 })], kraken)
    const fill = 1.0005
    expect(long?.net).toBeCloseTo(0.9995 / fill - 1 - 0.004 * (1 + 0.9995 / fill), 12)
    expect(short?.net).toBeCloseTo(-(fill / 0.9995 - 1) - 0.004 * (1 + fill / 0.9995) - 0.0002, 12)
  })

  it('never has two of its trades in a pair at once: as long as the data, they tile it', () => {
    const prices = Array.from({ length: 101 }, (_, i) => 100 + i)
    const trades = Array.from({ length: 10 }, (_, i) => trade({ from: i * 10, to: i * 10 + 10 }))
    const sum = Array.from({ length: 10 }, (_, i) => 10 / (100 + i * 10)).reduce((a, b) => a + b)
    expect(entries(prices, trades)?.net).toBeCloseTo(sum / 10, 12)
  })

  it('draws moments from the whole of the data, at random, and spreads where prices do', () => {
    const jump = Array.from({ length: 1_000 }, (_, i) => (i < 500 ? 100 : 200))
    const some = randomEntry([trade({ to: 110 })], {
      opens: recorded({ A: jump }).opens(),
      costs: free,
      rng: rng(),
      draws: 2_000,
    })
    // A hundred bars of 900 possible beginnings hold the jump.
    expect(some?.net).toBeGreaterThan(0.08)
    expect(some?.net).toBeLessThan(0.14)
    expect(some?.sd).toBeGreaterThan(0.2)
  })

  it('counts the draws that did as well as the trades themselves', () => {
    expect(entries(flat, [trade({ net: 0.01 })])).toMatchObject({ own: 0.01, atLeast: 0 })
    expect(entries(flat, [trade({ net: -0.01 })])).toMatchObject({ own: -0.01, atLeast: 20 })
  })

  it('is none without a trade, or without its prices', () => {
    expect(entries(flat, [])).toBeNull()
    expect(entries(flat, [trade({ pair: 'B' })])).toBeNull()
  })
})

describe('a thinning', () => {
  it('draws pair by pair as many trades as the synthesized portfolio has, so that a pair’s luck is no difference', () => {
    const ours = [...Array(3)].map((_, i) => trade({ pair: 'A', net: 0.03, from: i }))
    const pool = [
      ...[...Array(30)].map((_, i) => trade({ pair: 'A', net: 0.01, from: i })),
      ...[...Array(500)].map((_, i) => trade({ pair: 'B', net: -0.5, from: i })),
    ]
    const thinned = thinning(ours, pool, { rng: rng() })
    expect(thinned).toMatchObject({ trades: 3, pool: 30, draws: 200 })
    expect(thinned?.net).toBeCloseTo(0.01, 12)
    expect(thinned?.difference).toBeCloseTo(0.02, 12)
  })

  it('compares a pair at most as often as either side traded it', () => {
    const ours = [trade({ net: 0.04 }), trade({ net: 0.02 }), trade({ pair: 'B', net: 1 })]
    const thinned = thinning(ours, [trade({ net: 0.01 })], { rng: rng() })
    expect(thinned).toMatchObject({ trades: 1, pool: 1, interval: null })
    expect(thinned?.synthesized).toBeCloseTo(0.03, 12)
    expect(thinning(ours, [trade({ pair: 'C' })], { rng: rng() })).toBeNull()
  })

  it('of equals differs by nothing within its interval in about 95 of 100 cases', () => {
    const chance = Rng.derive(rootOf(3), 9, 0)
    const noise = (n: number) => [...Array(n)].map((_, i) => trade({ from: i, net: chance.float() - 0.5 }))
    let inside = 0
    for (let k = 0; k < 400; k++) {
      const [low = 0, high = 0] = thinning(noise(20), noise(60), { rng: rng() })?.interval ?? []
      if (low <= 0 && high >= 0) inside++
    }
    expect(inside).toBeGreaterThan(400 * 0.9)
    expect(inside).toBeLessThan(400 * 0.99)
  })

  it('is drawn in the direction of the trade in whose place it stands', () => {
    const pool = [trade({ net: 0.01 }), trade({ net: 0.5, direction: -1 })]
    const thinned = thinning([trade({ net: 0.03 })], pool, { rng: rng() })
    expect(thinned).toMatchObject({ trades: 1, pool: 1, net: 0.01 })
    expect(thinning([trade()], [trade({ direction: -1 })], { rng: rng() })).toBeNull()
  })

  it('has for its mean that of all trades that may be drawn, whatever is drawn for the rank', () => {
    const opens = recorded({ A: rising }).opens()
    const ours = [trade({ from: 5, to: 9 }), trade({ from: 20, to: 30 })]
    const pool = [trade({ from: 100 }), trade({ from: 200 }), trade({ from: 300 })]
    const price = repriced(opens, kraken)
    const all = pool.flatMap(drawn => ours.map(instead => price(drawn, instead)))
    const thinned = [1, 2].map(draws => thinning(ours, pool, { rng: rng(), draws, price }))
    for (const { net = 0 } of thinned.flatMap(one => one ?? [])) expect(net).toBeCloseTo(all.reduce((a, b) => a + b) / 6, 12)
  })

  it('ranks equals evenly, although trades of one week rise and fall together', () => {
    const ranks = [...Array(400)].map((_, seed) => {
      const chance = Rng.derive(rootOf(seed), 3, 0)
      const weeks = [...Array(20)].map(() => chance.normal())
      // Agreement comes in spells, as trends do: a week's trades agree all or none, nearly.
      const spells = weeks.map(() => (chance.chance(0.5) ? 0.9 : 0.1))
      const made = [...Array(120)].map(() => {
        const week = chance.int(20)
        const agreed = chance.chance(spells[week] as number)
        return { agreed, trade: trade({ from: week * 168 + chance.int(160), net: (weeks[week] as number) + chance.normal() }) }
      })
      const side = (wanted: boolean) => made.filter(({ agreed }) => agreed === wanted).map(one => one.trade)
      return thinning(side(true), side(false), { rng: chance })?.rank ?? Number.NaN
    })
    expect(evennessOf(ranks).p).toBeGreaterThan(0.01)
    // What stands out has a high rank.
    const better = thinning(
      [...Array(12)].map((_, i) => trade({ from: i * 168, net: 0.02 })),
      [...Array(12)].map((_, i) => trade({ from: i * 168 })),
      { rng: rng() },
    )
    expect(better?.rank).toBeGreaterThan(0.99)
  })

  it('of the baseline is held as long as the synthesized trade in whose place it stands', () => {
    const opens = recorded({ A: rising }).opens()
    const price = repriced(opens, kraken)
    const drawn = trade({ from: 100, to: 220, net: 9 })
    const instead = trade({ from: 5, to: 9 })
    expect(price(drawn, instead)).toBeCloseTo(netReturn(opens.get('A') as never, 100, 104, 1, kraken), 12)
  })
})

describe('the controls of a run', () => {
  const idea = (id: string, source: 'mycelial' | 'baseline', hour: number, direction: 1 | -1 = 1): ControlIdea => ({
    id,
    source,
    pair: 'A',
    direction,
    decidedAt: at(hour),
    barMs: HOUR_MS,
  })

  it('take two ideas as agreeing that are decided less than the window apart, as the synthesized portfolio does', () => {
    const recorder = new ControlRecorder(2 * HOUR_MS)
    recorder.idea(idea('m1', 'mycelial', 10))
    recorder.idea(idea('b1', 'baseline', 11))
    recorder.idea(idea('m2', 'mycelial', 20))
    recorder.idea(idea('b2', 'baseline', 22))
    expect([...recorder.collided].sort()).toEqual(['b1', 'm1'])
  })

  it('take as others’ trades only those whose idea agreed with none of the other kind', () => {
    const recorder = recorded({ A: flat })
    recorder.idea(idea('m1', 'mycelial', 10))
    recorder.idea(idea('b1', 'baseline', 10))
    recorder.idea(idea('b2', 'baseline', 20))
    recorder.idea(idea('m2', 'mycelial', 20, -1))
    recorder.idea(idea('m3', 'mycelial', 30))
    recorder.idea(idea('b3', 'baseline', 31))
    expect([...recorder.collided].sort()).toEqual(['b1', 'm1'])
    recorder.trade(trade({ portfolio: 'synthesized', ideaId: 'm1', net: 0.05 }))
    recorder.trade(trade({ portfolio: 'mycelial', ideaId: 'm1', net: 0.05 }))
    recorder.trade(trade({ portfolio: 'mycelial', ideaId: 'm2', net: -0.25 }))
    recorder.trade(trade({ portfolio: 'baseline', ideaId: 'b1', net: 0.02 }))
    recorder.trade(trade({ portfolio: 'baseline', ideaId: 'b2', net: 0.02 }))
    const controls = controlsOf(recorder, free, 1)
    expect(controls.mycelialThinned).toMatchObject({ trades: 1, pool: 1, net: -0.25 })
    // Held as long as the synthesized trade, in a flat market.
    expect(controls.baselineThinned).toMatchObject({ trades: 1, pool: 1, net: 0 })
    expect(controls.randomEntry).toMatchObject({ trades: 2, net: 0, own: 0.02 })
    expect(controlSentences(controls)[0]).toBe(
      'Random entry: 0.0 bp net a trade (sd 0.0 bp over 20 draws of 2) where the baseline has +200.0 bp; 0 of 20 draws did at least as well.',
    )
    expect(controlSentences(controls)).toHaveLength(3)
  })

  it('price nothing again where the run was too long to keep its prices', () => {
    const recorder = recorded({ B: flat })
    recorder.trade(trade({ portfolio: 'synthesized' }))
    recorder.trade(trade({ portfolio: 'baseline', ideaId: 'alone' }))
    recorder.trade(trade({ portfolio: 'mycelial', ideaId: 'alone too' }))
    const { randomEntry, baselineThinned, mycelialThinned } = controlsOf(recorder, free, 1)
    expect({ randomEntry, baselineThinned }).toEqual({ randomEntry: null, baselineThinned: null })
    expect(mycelialThinned).not.toBeNull()
  })

  it('are none of a run without trades', () => {
    const none = controlsOf(recorded({ A: flat }), free, 1)
    expect(none).toEqual({ randomEntry: null, mycelialThinned: null, baselineThinned: null })
    expect(controlSentences(none)).toEqual([])
  })

  it('charge a short its borrowing by the day', () => {
    const opens = recorded({ A: flat }).opens().get('A') as never
    expect(netReturn(opens, 0, 48, -1, { ...free, borrowRatePerDay: 0.001 })).toBeCloseTo((-0.001 * 48 * HOUR_MS) / DAY_MS, 12)
  })
})
