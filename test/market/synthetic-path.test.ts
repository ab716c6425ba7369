import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, rootOf, Stream } from '../../src/core/index.js'
import { seasonFactor } from '../../src/market/season.js'
import { openUnit } from '../../src/market/synthetic-normal.js'
import { IntrabarPath } from '../../src/market/synthetic-path.js'
import { mean, runMarket, tStatistic } from './synthetic-kit.js'

describe('a leg with ends at unlike distances', () => {
  const [fall, rise] = [0.05, 0.02]
  const rng = new Stream(rootOf(3), 'test')
  const legs = Array.from({ length: 40_000 }, () => {
    const path = new IntrabarPath()
    path.start(1)
    const falls = rng.chance(rise / (fall + rise))
    path.skewedLeg(falls ? -fall : rise, falls ? rise : fall, openUnit(rng))
    return { low: path.low, high: path.high, price: path.price }
  })
  const share = (keep: (leg: (typeof legs)[number]) => boolean) => legs.filter(keep).length / legs.length
  const near = (found: number, chance: number) =>
    expect(Math.abs(found - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / legs.length))

  it('is fair, and ends where it says', () => {
    expect(Math.abs(tStatistic(legs.map(l => l.price - 1)))).toBeLessThan(4)
    near(
      share(l => l.price < 1),
      rise / (fall + rise),
    )
  })

  it.each([0.005, 0.02, 0.04, 0.0499])('touches a level %f below as often as a Brownian walk does before its upper end', x => {
    near(
      share(l => l.low <= 1 - x),
      rise / (rise + x),
    )
  })

  it.each([0.002, 0.01, 0.0199])('touches a level %f above as often as a Brownian walk does before its lower end', x => {
    near(
      share(l => l.high >= 1 + x),
      fall / (fall + x),
    )
  })

  it('is cut in proportion where it would reach too far, and no leg of size 0 moves', () => {
    const path = new IntrabarPath()
    path.start(1)
    path.skewedLeg(0.4, 2, 0.5)
    expect(path.price).toBeCloseTo(1.1, 12)
    path.skewedLeg(0, 0, 0.5)
    expect([path.price, path.high]).toEqual([path.price, path.price])
  })
})

describe('the season of volatility', () => {
  const options = { daily: 0.25, weekend: -0.2 }
  const week = (barMs: number) => Array.from({ length: (7 * DAY_MS) / barMs }, (_, i) => seasonFactor(options, barMs)(i * barMs))

  it.each([15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, DAY_MS])('has mean square 1 over a week of bars of %i ms', barMs => {
    expect(mean(week(barMs).map(f => f * f))).toBeCloseTo(1, 9)
  })

  it('is lower at weekends, highest at midnight UTC, and the same for bars longer than a day', () => {
    const [thursday = [], saturday = []] = [0, 2].map(day => week(HOUR_MS).slice(day * 24, day * 24 + 24))
    for (const [h, f] of thursday.entries()) expect((saturday[h] ?? 0) / f).toBeCloseTo(Math.exp(-0.2), 9)
    expect(thursday.indexOf(Math.max(...thursday))).toBe(0)
    expect(Math.max(...thursday) / Math.min(...thursday)).toBeCloseTo(Math.exp(0.25 * (1.26 + 0.7)), 9)
    const long = seasonFactor(options, 7 * DAY_MS)
    expect([long(0), long(DAY_MS), long(2 * DAY_MS)]).toEqual([1, 1, 1])
  })

  it('of size 0 leaves volatility as it is', () => {
    expect(seasonFactor({ daily: 0, weekend: 0 }, HOUR_MS)(17 * HOUR_MS)).toBe(1)
  })
})

describe('falls larger than rises', () => {
  const options = { pairs: ['XXBTZUSD', 'SOLUSD'], hourlyVolatility: 0.04, fallSize: 2, commonShare: 0.95, openGap: 0.4 }
  const runs = Array.from({ length: 150 }, (_, seed) => runMarket({ seed, ...options }, 500))
  const moves = runs.map(run => (run.bars.get('SOLUSD') ?? []).map((b, i, all) => b.close / (all[i - 1]?.close ?? b.open) - 1))

  it('leave prices a fair game, gaps included: falls are rarer by as much', () => {
    expect(Math.abs(tStatistic(moves.map(mean)))).toBeLessThan(3)
    const falling = mean(moves.flat().map(m => (m < 0 ? 1 : 0)))
    expect(falling).toBeLessThan(0.45)
    expect(falling).toBeGreaterThan(0.2)
  })

  it.each([
    ['stop', 0.03, 9],
    ['target', 9, 0.03],
  ])('leave an exit at a level a bar touches worth 0: a %s', (_, stop, target) => {
    const results = runs.map(run =>
      mean(
        (run.bars.get('SOLUSD') ?? []).map(b => {
          if (b.low <= b.open * (1 - stop)) return -stop
          return b.high >= b.open * (1 + target) ? target : b.close / b.open - 1
        }),
      ),
    )
    expect(Math.abs(tStatistic(results))).toBeLessThan(3)
  })
})
