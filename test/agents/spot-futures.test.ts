/** A spot and a futures portfolio side by side: independent, exact, and each within its own limits. */
import { type GivenParameters, type Row, resume, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import scenario from '../../scenarios/dual-agent.js'
import { totalE6 } from '../../src/exchange/index.js'

const pairs = ['XXBTZUSD', 'XETHZUSD', 'SOLUSD']
/** A gate of one's own that bounds little, so that both trade at once and not after 250 days. */
const loose = [{ name: 'loose', limits: { openPositions: 8 } }]

type Given = GivenParameters<typeof scenario.params>
const lively = { pairs, profiles: loose, futuresProfiles: loose, learnOutcomes: 30, minProbability: 0.3 }
/** Levered to the limit, with a fee that eats every stake: the portfolio is ruined in weeks. */
const ruinous = { leverage: 5, futuresSizeShare: 5, futuresTakerBp: 500, momentumAtr: 1, futuresStopAtr: 1 }

/** Positions are held until their exchange ends them. */
const forced = { leverage: 5, futuresSizeShare: 1, momentumAtr: 1, momentumBars: 900, futuresStopAtr: 100 }

function begun(params: Record<string, unknown> = {}, seed = 3) {
  return simulate(scenario, { seed, params: { ...lively, ...params } as Given })
}

function played(params: Record<string, unknown> = {}, steps = 500) {
  const sim = begun(params)
  sim.run({ steps })
  sim.finish()
  const of = (table: 'trades' | 'fills' | 'orders' | 'decisions' | 'locks', portfolio: string) =>
    sim
      .table(table)
      .toRows()
      .filter(row => row.portfolio === portfolio)
  return { sim, of, model: sim.model }
}

describe('a spot and a futures portfolio', () => {
  const plain = played()

  it('trade the same market, each with its own capital, orders and trades', () => {
    for (const name of ['spot', 'futures']) {
      expect(plain.of('trades', name).length, name).toBeGreaterThan(5)
      expect(plain.of('fills', name).length, name).toBeGreaterThan(10)
    }
    expect(new Set(plain.of('trades', 'spot').map(row => row.direction))).toEqual(new Set([1]))
    expect(new Set(plain.of('trades', 'futures').map(row => row.direction))).toEqual(new Set([1, -1]))
  })

  it('are independent: the futures portfolio forced to ruin leaves every trade, limit and equity of the spot portfolio as it was', () => {
    const ruined = played(ruinous)
    const last = (run: typeof plain, column: 'spot_equity' | 'futures_equity') => run.sim.table('model').toRows().at(-1)?.[column]
    expect(Number(last(ruined, 'futures_equity'))).toBeLessThan(20_000)
    expect(Number(last(plain, 'futures_equity'))).toBeGreaterThan(80_000)
    for (const table of ['trades', 'fills', 'orders', 'locks'] as const)
      expect(JSON.stringify(ruined.of(table, 'spot'))).toBe(JSON.stringify(plain.of(table, 'spot')))
    // Decisions are numbered through the run.
    const decided = (run: typeof plain) => run.of('decisions', 'spot').map(({ id: _, ...row }: Row) => row)
    expect(decided(ruined)).toEqual(decided(plain))
    const equity = (run: typeof plain) =>
      run.sim
        .table('model')
        .toRows()
        .map(row => row.spot_equity)
    expect(equity(ruined)).toEqual(equity(plain))
  })

  it('cancels what waits to enter the future when it is halted, and leaves what waits to leave', () => {
    const sim = begun()
    const futures = sim.model.futures.at(0)
    if (futures === undefined) throw new Error('no futures agent')
    const entries = () => [...futures.market.orders.live.values()].filter(({ reduces }) => !reduces)
    const exits = () => [...futures.market.orders.live.values()].filter(({ reduces }) => reduces)
    while (entries().length === 0) sim.step()
    const leaving = exits().length
    const time = sim.model.now
    const lock = {
      id: 'all:operator::1',
      portfolio: 'all',
      pair: null,
      kind: 'operator',
      on: true,
      time,
      until: null,
      reason: 'test',
    }
    futures.halt(lock as Parameters<typeof futures.halt>[0])
    expect([entries().length, exits().length]).toEqual([0, leaving])
    sim.step()
    const ends = sim
      .table('orders')
      .toRows()
      .filter(({ portfolio, reason }) => portfolio === 'futures' && reason === 'halted')
    expect(ends.length).toBeGreaterThan(0)
  })

  it('the money of the futures exchange is what was paid in, to the last millionth, and its trades explain the account', () => {
    for (const params of [{}, ruinous, forced]) {
      const { model, of } = played(params, params === forced ? 1_500 : 500)
      const futures = model.futures.at(0)
      if (futures === undefined) throw new Error('no futures agent')
      expect(totalE6(futures.house)).toBe(futures.house.depositsE6)
      const earned = of('trades', 'futures').reduce((sum, row) => sum + Number(row.pnl_e6), 0)
      expect(futures.equityE6).toBe(futures.house.depositsE6 - 10_000_000_000 + earned)
    }
  })

  it('funding is paid and recorded every eight hours, and what it costs stands in the trades', () => {
    const events = plain.sim.table('margin_events').toRows()
    const funding = events.filter(row => row.kind === 'funding')
    expect(funding.length).toBeGreaterThan(10)
    expect(new Set(funding.map(row => Number(row.time) % (8 * 3_600_000)))).toEqual(new Set([0]))
    expect(plain.model.summary()).toMatchObject({ futures: { staleMarks: 0, badPrices: 0, badFunding: 0 } })
  })

  it('a liquidation is a trade that lost its margin, and says so', () => {
    const { of, sim } = played(forced, 1_500)
    const liquidations = sim
      .table('margin_events')
      .toRows()
      .filter(row => row.kind === 'liquidation')
    expect(liquidations.length).toBeGreaterThan(0)
    expect(of('trades', 'futures').filter(row => row.reason === 'liquidation')).toHaveLength(liquidations.length)
  })

  it('go on from a saved state as if they had not stopped', () => {
    const sim = begun()
    sim.run({ steps: 200 })
    const again = resume(scenario, sim.save())
    sim.run({ steps: 100 })
    again.run({ steps: 100 })
    expect(again.digest).toBe(sim.digest)
  })

  it.each([0, -1, 5.5, Number.NaN])('a leverage of %f is refused before anything begins', leverage => {
    expect(() => begun({ leverage })).toThrow(/leverage/)
  })

  it('a position has no more margin behind it than its profile says, and the gate refuses without 250 days of data', () => {
    const bounded = [{ name: 'bounded', limits: { marginShare: 0.05 } }]
    const { of } = played({ futuresProfiles: bounded, leverage: 2, futuresSizeShare: 2 }, 300)
    const entries = of('fills', 'futures').filter(row => row.opens)
    expect(entries.length).toBeGreaterThan(3)
    // Equity moves; the price of a fill may differ by half the spread from that of its order.
    for (const row of entries) expect((Number(row.price) * Number(row.qty_e8)) / 1e8 / 2).toBeLessThan(0.05 * 115_000)
    const strict = played({ profiles: ['spot'], futuresProfiles: ['futures'] }, 300)
    expect([...strict.of('fills', 'spot'), ...strict.of('fills', 'futures')]).toEqual([])
    expect(strict.of('decisions', 'futures').every(row => row.outcome === 'valueAtRisk')).toBe(true)
  })
})
