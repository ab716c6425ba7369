/** The squeeze: the price moves as its law says, leverage turns a purchase into a cascade, and no money is made or lost. */
import { type GivenParameters, type Row, resume, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import scenario from '../../scenarios/perp-squeeze.js'
import { moveBy, newPerpMarket, takeLast, totalE6, usualPerp } from '../../src/exchange/index.js'

type Given = GivenParameters<typeof scenario.params>

function played(params: Partial<Given>, seed = 1, steps = 600) {
  const sim = simulate(scenario, { seed, params: params as Given })
  sim.run({ steps })
  return { model: sim.model, rows: sim.table('model').toRows(), sim }
}

/** How far the price rose above what it was before the purchase. */
const rise = (rows: readonly Row[]) => Math.max(...rows.slice(239).map(row => Number(row.last))) / Number(rows[238]?.last) - 1

describe('a squeeze', () => {
  it('moves the price by exp(κ · net notional / depth), and a round trip of one quantity leaves it where it was', () => {
    const market = newPerpMarket(['A'], usualPerp, 0, { kappa: 2, depthUsd: 1_000_000 })
    const contract = market.contracts.get('A')
    if (contract === undefined) throw new Error('no contract')
    takeLast(contract, 100e8)
    moveBy(market, contract, 1_000e8)
    expect(contract.lastE8 / 1e8).toBeCloseTo(100 * Math.exp((2 * 100_000) / 1_000_000), 6)
  })

  it('turns one purchase into a cascade where the crowd is levered, and into none where it pays in full', () => {
    for (const seed of [1, 2, 3]) {
      const [levered, paid, calm] = [played({}, seed), played({ leverage: 1 }, seed), played({ shockUsd: 0 }, seed)]
      expect(levered.model.house.liquidations).toBeGreaterThan(20)
      expect(levered.model.liquidatedE6.short).toBeGreaterThan(levered.model.liquidatedE6.long)
      expect([paid.model.house.liquidations, calm.model.house.liquidations]).toEqual([0, 0])
      expect(rise(levered.rows)).toBeGreaterThan(1.15 * rise(paid.rows))
    }
  })

  it('has at its end what was paid in, to the last millionth', () => {
    for (const params of [{}, { insuranceUsd: 0, shockUsd: 20_000_000, shockSteps: 2 }]) {
      const { house } = played(params).model
      expect(totalE6(house)).toBe(house.depositsE6)
    }
  })

  it('deleverages winners where the insurance fund is empty', () => {
    const { house } = played({ insuranceUsd: 0, shockUsd: 25_000_000, shockSteps: 1, follow: 1 }).model
    expect(house.deleveragings).toBeGreaterThan(0)
  })

  it('goes on from a saved state as if it had not stopped', () => {
    const sim = simulate(scenario, { seed: 2 })
    sim.run({ steps: 250 })
    const again = resume(scenario, sim.save())
    sim.run({ steps: 50 })
    again.run({ steps: 50 })
    expect(again.digest).toBe(sim.digest)
  })
})
