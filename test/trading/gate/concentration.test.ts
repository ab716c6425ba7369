import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addedE6, costE6, strictest } from '../../../src/trading/index.js'
import { accountOf, allowedUsd, gateOf, intentOf, someExposures, someIntent, USD, verdictOf } from './statistic-accounts.js'

const pairGate = gateOf({ pairShare: 0.1 })
const groupGate = gateOf({ groupShare: 0.25, groups: { layer1: ['A', 'B'], old: ['A', 'C'] } })

describe('the share of one pair', () => {
  it('allows exactly the limit, and makes a larger intent as large as the limit', () => {
    expect(allowedUsd(pairGate, accountOf(10_000), intentOf(1_000))).toBe(1_000)
    expect(verdictOf(pairGate, accountOf(10_000), intentOf(1_000)).shrunk).toEqual([])
    const verdict = verdictOf(pairGate, accountOf(10_000), intentOf(1_000.01))
    expect(verdict).toMatchObject({ refusedBy: null, shrunk: [{ code: 'pairLimit' }] })
    expect(allowedUsd(pairGate, accountOf(10_000), intentOf(1_000.01))).toBe(1_000)
  })

  it('counts what is held and waits in the pair, long or short, and in no other', () => {
    expect(allowedUsd(pairGate, accountOf(10_000, [['B', 5_000]]), intentOf(2_000))).toBe(1_000)
    expect(
      allowedUsd(
        pairGate,
        accountOf(10_000, [
          ['A', 300],
          ['A', -200],
        ]),
        intentOf(2_000),
      ),
    ).toBe(500)
    const full = verdictOf(pairGate, accountOf(10_000, [['A', -1_000]]), intentOf(10))
    expect(full).toMatchObject({ refusedBy: 'pairLimit', limit: 0.1 })
    expect(full.measured).toBeCloseTo(0.101, 12)
  })

  it('counts for free what leaves for the intent, and nothing of a renewal', () => {
    const held = accountOf(10_000, [['A', -1_500]])
    expect(allowedUsd(pairGate, held, intentOf(1_200, { freesE6: 1_500 * USD }))).toBe(1_200)
    expect(allowedUsd(pairGate, held, intentOf(2_000, { freesE6: 1_500 * USD }))).toBe(1_000)
    expect(allowedUsd(pairGate, held, intentOf(2_000, { renews: true }))).toBe(2_000)
  })

  it('refuses where a profile says so', () => {
    const strict = gateOf({ pairShare: 0.1, excess: { pairLimit: 'refuse' } })
    expect(verdictOf(strict, accountOf(10_000), intentOf(1_000.01)).refusedBy).toBe('pairLimit')
  })
})

describe('the share of a group', () => {
  it('binds the fullest group of a pair, at exactly the limit', () => {
    const held = accountOf(10_000, [
      ['B', 1_000],
      ['C', -2_000],
      ['D', 5_000],
    ])
    expect(allowedUsd(groupGate, held, intentOf(5_000))).toBe(500)
    expect(allowedUsd(groupGate, held, intentOf(5_000, { pair: 'B' }))).toBe(1_500)
    expect(verdictOf(groupGate, held, intentOf(500)).shrunk).toEqual([])
  })

  it('does not bind a pair that is in no group', () => {
    expect(allowedUsd(groupGate, accountOf(10_000, [['A', 9_000]]), intentOf(5_000, { pair: 'D' }))).toBe(5_000)
  })

  it('holds for profiles that agree on the groups, and is an error of those that do not', () => {
    const one = { name: 'one', limits: { groupShare: 0.25, groups: { layer1: ['A'] } } }
    expect(strictest([one, { name: 'two', limits: { groupShare: 0.2, groups: { layer1: ['A'] } } }])).toMatchObject({
      groupShare: 0.2,
    })
    expect(() => strictest([one, { name: 'two', limits: { groups: { layer1: ['B'] } } }])).toThrow(/one and two/)
  })
})

describe.each([
  ['pairLimit', pairGate, 0.1],
  ['groupLimit', groupGate, 0.25],
])('%s', (code, gate, limit) => {
  it('never allows more than is wanted, and refuses what it cannot compute', () => {
    fc.assert(
      fc.property(someIntent, someExposures, fc.double({ min: 1, max: 1e5, noNaN: true }), (intent, exposures, equity) => {
        expect(verdictOf(gate, accountOf(equity, exposures), intent).qtyE8).toBeLessThanOrEqual(intent.qtyE8)
        if (code === 'groupLimit' && intent.pair === 'D') return
        expect(verdictOf(gate, accountOf(Number.NaN, exposures), intent).qtyE8).toBe(0)
        expect(verdictOf(gate, accountOf(equity, [[intent.pair, Number.NaN]]), intent).qtyE8).toBe(0)
        expect(verdictOf(gate, accountOf(equity, exposures), { ...intent, priceUsd: Number.NaN }).qtyE8).toBe(0)
      }),
    )
  })

  it('leaves the limit kept, and by one unit more it would not be', () => {
    fc.assert(
      fc.property(someIntent, someExposures, fc.double({ min: 1, max: 1e5, noNaN: true }), (intent, exposures, equity) => {
        if (intent.pair === 'D') return
        const account = accountOf(equity, exposures)
        const held = mostHeld(account, intent.pair)
        const verdict = verdictOf(gate, account, intent)
        const cost = (qtyE8: number) => held + costE6({ ...intent, qtyE8 })
        if (verdict.qtyE8 > 0) expect(cost(verdict.qtyE8)).toBeLessThanOrEqual(account.equityE6() * limit)
        if (verdict.qtyE8 < intent.qtyE8) {
          // The cost is rounded to a millionth of a dollar, which may be many units of quantity.
          const oneMore = Math.max(1, Math.ceil(100 / intent.priceUsd) + 1)
          expect(cost(verdict.qtyE8 + oneMore)).toBeGreaterThan(account.equityE6() * limit)
        }
        expect(addedE6(intent)).toBe(costE6(intent))
      }),
    )
  })

  it('allows no less where there is more equity', () => {
    fc.assert(
      fc.property(someIntent, someExposures, fc.double({ min: 1, max: 1e5, noNaN: true }), (intent, exposures, equity) => {
        const less = verdictOf(gate, accountOf(equity, exposures), intent).qtyE8
        expect(verdictOf(gate, accountOf(equity * 1.3, exposures), intent).qtyE8).toBeGreaterThanOrEqual(less)
      }),
    )
  })

  function mostHeld(account: ReturnType<typeof accountOf>, pair: string): number {
    const groups =
      code === 'pairLimit'
        ? [[pair]]
        : [
            ['A', 'B'],
            ['A', 'C'],
          ].filter(group => group.includes(pair))
    return Math.max(
      ...groups.map(group => {
        let sum = 0
        account.eachExposure((held, valueE6) => {
          if (group.includes(held)) sum += Math.abs(valueE6)
        })
        return sum
      }),
    )
  }
})
