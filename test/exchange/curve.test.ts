/** The arithmetic of a bonding curve: what is published of it, and what no trade can break. */
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import {
  buyFrom,
  type Curve,
  circulating,
  costOf,
  isComplete,
  migrate,
  mostBought,
  newCurve,
  phaseOf,
  publishedCurve,
  returnOf,
  SOL,
  sellTo,
  spotPrice,
  tokensFor,
} from '../../src/exchange/index.js'
import { seed } from './support.js'

/** What a buy of so many SOL pays above the spot price, fee included, in percent. */
function premium(curve: Curve, sol: number): number {
  const tokens = tokensFor(curve, sol * SOL)
  return 100 * ((sol * SOL) / tokens / spotPrice(curve) - 1)
}

/** A curve that has raised so many SOL, or a unit's price less. */
function raised(sol: number): Curve {
  const curve = newCurve(publishedCurve)
  if (sol === 0) return curve
  const paid = sol * SOL
  buyFrom(curve, Math.floor((curve.tokens * paid) / (curve.lamports + paid)))
  return curve
}

describe('a bonding curve of published constants', () => {
  it('completes at 85.005 SOL, at 14.70 times its first price', () => {
    const curve = newCurve(publishedCurve)
    const first = spotPrice(curve)
    expect(first * 1e-3).toBeCloseTo(2.796e-8, 11)
    buyFrom(curve, publishedCurve.curveTokens)
    expect(isComplete(curve)).toBe(true)
    expect((curve.realLamports / SOL).toFixed(3)).toBe('85.005')
    expect((spotPrice(curve) / first).toFixed(2)).toBe('14.70')
  })

  it.each([
    [0, 1, 4.3],
    [0, 5, 17.7],
    [0, 10, 34.3],
    [40, 1, 2.4],
    [40, 5, 8.2],
    [40, 10, 15.3],
  ])('after %d SOL a buy of %d SOL pays %d % above the spot price', (before, sol, above) => {
    expect(Math.abs(premium(raised(before), sol) - above)).toBeLessThan(0.06)
  })

  it('costs 1.99 % a round trip, wherever it stands', () => {
    for (const before of [0, 1, 40, 84]) {
      const curve = raised(before)
      const tokens = tokensFor(curve, SOL / 2)
      const bought = buyFrom(curve, tokens)
      const sold = sellTo(curve, tokens)
      const lost = 1 - (sold.lamports - sold.fee) / (bought.lamports + bought.fee)
      expect((100 * lost).toFixed(2)).toBe('1.99')
    }
  })

  it('charges the fee of the tier that it has reached', () => {
    const fees = [
      { fromLamports: 0, feeBp: 125 },
      { fromLamports: 10 * SOL, feeBp: 30 },
    ]
    const curve = newCurve({ ...publishedCurve, fees })
    expect(costOf(curve, 1e12).fee / costOf(curve, 1e12).lamports).toBeCloseTo(0.0125 / 0.9875, 6)
    buyFrom(curve, tokensFor(curve, 20 * SOL))
    expect(costOf(curve, 1e12).fee / costOf(curve, 1e12).lamports).toBeCloseTo(0.003 / 0.997, 6)
  })

  it('is early below .3 of its tokens, mid below .8, late before the last, and then graduated', () => {
    const at = (share: number) => {
      const curve = newCurve(publishedCurve)
      if (share > 0) buyFrom(curve, Math.round(publishedCurve.curveTokens * share))
      return phaseOf(curve)
    }
    expect([0, 0.299, 0.3, 0.799, 0.8, 0.999, 1].map(at)).toEqual(['early', 'early', 'mid', 'mid', 'late', 'late', 'graduated'])
  })
})

describe('100,000 random trades on a curve and its pool', () => {
  it('never lower the product, conserve every token and lamport, and complete exactly at zero', () => {
    const rng = new Stream(rootOf(seed), 'trades')
    let completions = 0
    let trades = 0
    while (trades < 100_000) {
      const curve = newCurve(publishedCurve)
      let cash = 0n
      let held = 0
      for (let i = 0; i < 20_000 && trades < 100_000; i++, trades++) {
        const product = BigInt(curve.lamports) * BigInt(curve.tokens)
        const buys = mostBought(curve) > 0 && (held === 0 || rng.chance(0.52))
        const most = buys ? mostBought(curve) : circulating(curve)
        const tokens = Math.max(1, Math.min(most, Math.floor(10 ** rng.between(0, 14))))
        const { lamports, fee } = buys ? buyFrom(curve, tokens) : sellTo(curve, tokens)
        cash += buys ? -BigInt(lamports + fee) : BigInt(lamports - fee)
        held += buys ? tokens : -tokens
        if (BigInt(curve.lamports) * BigInt(curve.tokens) < product) expect.unreachable('the product fell')
        if (held !== circulating(curve)) expect.unreachable('tokens were made or lost')
        if (cash + BigInt(curve.realLamports + curve.feeLamports) !== 0n) expect.unreachable('lamports were made or lost')
        if (curve.realLamports < 0 || curve.realTokens < 0) expect.unreachable('a reserve is below zero')
        if (isComplete(curve) !== (!curve.graduated && curve.realTokens === 0)) expect.unreachable('complete, and not at zero')
        if (isComplete(curve)) {
          completions++
          migrate(curve)
        }
      }
    }
    expect(completions).toBeGreaterThan(0)
  })

  it('never let one who buys and sells alone gain', () => {
    const rng = new Stream(rootOf(seed), 'round trips')
    for (let i = 0; i < 20_000; i++) {
      const curve = raised(rng.between(0.001, 84))
      const tokens = Math.max(1, Math.min(mostBought(curve), Math.floor(10 ** rng.between(0, 14))))
      const bought = buyFrom(curve, tokens)
      const sold = returnOf(curve, tokens)
      if (sold.lamports - sold.fee >= bought.lamports + bought.fee) expect.unreachable('a round trip gained')
    }
  })

  it('prices as exact integers do', () => {
    const rng = new Stream(rootOf(seed), 'exact')
    for (let i = 0; i < 20_000; i++) {
      const curve = raised(rng.between(0.001, 84))
      const tokens = Math.max(1, Math.min(mostBought(curve), Math.floor(10 ** rng.between(0, 15))))
      const [sol, all, t] = [BigInt(curve.lamports), BigInt(curve.tokens), BigInt(tokens)]
      const up = (a: bigint, b: bigint) => Number((a + b - 1n) / b)
      const cost = up(sol * t, all - t)
      expect(costOf(curve, tokens)).toEqual({ lamports: cost, fee: up(BigInt(cost) * 100n, 9_900n) })
      const back = Number((sol * t) / (all + t))
      expect(returnOf(curve, tokens)).toEqual({ lamports: back, fee: up(BigInt(back) * 100n, 10_000n) })
    }
  })
})
