import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BarFlag } from '../../src/market/index.js'
import { calibrationOf } from '../../src/report/edge/calibration.js'
import { capacityOf } from '../../src/report/edge/capacity.js'
import { costsByPair } from '../../src/report/edge/costs.js'
import { edgeOf } from '../../src/report/edge/index.js'
import { patternPnl } from '../../src/report/edge/pattern-pnl.js'
import { readTurnovers } from '../../src/report/edge/turnover.js'
import { writeReport } from '../../src/report/index.js'
import type { Trade } from '../../src/report/trade.js'
import { hour, start } from '../storage/makers.js'
import { madeRun } from './report-runs.js'

const trade = (given: Partial<Trade> = {}): Trade => ({
  id: 'mycelial:1:PatternLearner-3:0',
  portfolio: 'mycelial',
  pair: 'SOLUSD',
  agent: 'PatternLearner-3',
  reason: 'horizon',
  idea: 'PatternLearner-3:1:0',
  pattern: 'code:Rust|level|0|SOLUSD|1',
  direction: 1,
  entry: start,
  exit: start + hour,
  entryPrice: 10,
  exitPrice: 11,
  held: 1,
  mae: -0.01,
  mfe: 0.02,
  notionalUsd: 2_000,
  tradedUsd: 4_000,
  feesUsd: 16,
  slippageUsd: 2,
  borrowUsd: 0,
  pnlUsd: 10,
  gross: 0.014,
  net: 0.005,
  predicted: 0.012,
  ...given,
})

describe('the P&L of a pattern', () => {
  it('is told by portfolio, with the mean predicted and realised of the mycelial trades alone', () => {
    const [row] = patternPnl([
      trade({ pnlUsd: 10, gross: 0.01, predicted: 0.012 }),
      trade({ pnlUsd: -4, gross: 0.02, predicted: 0.014 }),
      trade({ portfolio: 'synthesized', pnlUsd: 7, gross: 9, predicted: 9 }),
    ])
    expect(row?.pnl).toEqual({ mycelial: 6, synthesized: 7 })
    expect(row?.predicted).toBeCloseTo(0.013, 12)
    expect(row?.gross).toMatchObject({ n: 2, mean: 0.015 })
    expect(row?.gross.error).toBeCloseTo(0.005, 12)
  })

  it('stands in the order of what the patterns moved, and is none for trades without a pattern', () => {
    const rows = patternPnl([
      trade({ pattern: 'small', pnlUsd: 1 }),
      trade({ pattern: 'large', pnlUsd: -30 }),
      trade({ pattern: null }),
    ])
    expect(rows.map(r => r.pattern)).toEqual(['large', 'small'])
  })
})

describe('calibration', () => {
  const made = (slope: number) =>
    Array.from({ length: 400 }, (_, i) => {
      const predicted = 0.005 + (i / 400) * 0.01
      return trade({ predicted, gross: slope * predicted + (i % 2 === 0 ? 0.002 : -0.002) })
    })

  it.each([1, 0.4, -0.5])('shows a slope of %d where that much of every prediction comes true', slope => {
    const calibration = calibrationOf(made(slope))
    expect(calibration?.slope).toBeCloseTo(slope, 1)
    expect(Math.abs((calibration?.slope ?? 0) - slope)).toBeLessThan(3 * (calibration?.slopeError ?? 0))
  })

  it('has ten groups of equal size by rising prediction, and fewer where a group would hold fewer than twenty trades', () => {
    const groups = calibrationOf(made(1))?.groups ?? []
    expect(groups.map(g => g.realised.n)).toEqual(Array.from({ length: 10 }, () => 40))
    expect([...groups].sort((a, b) => a.predicted - b.predicted)).toEqual(groups)
    expect(calibrationOf(made(1).slice(0, 59))?.groups).toHaveLength(2)
  })

  it('has no slope where all predictions are alike, and is none of trades without predictions', () => {
    expect(calibrationOf([trade(), trade()])?.slope).toBeNull()
    expect(calibrationOf([trade({ predicted: null }), trade({ predicted: null })])).toBeUndefined()
  })
})

describe('costs by pair', () => {
  it('add up over portfolios, the pair with the largest market first, and say where no volume is known', () => {
    const turnovers = new Map([
      ['SOLUSD', { dailyUsd: 1e6, dailyVolatility: 0.03 }],
      ['ADAUSD', { dailyUsd: 5e6, dailyVolatility: 0.03 }],
      ['XTZUSD', { dailyUsd: 0, dailyVolatility: 0.03 }],
    ])
    const rows = costsByPair(
      [trade(), trade({ portfolio: 'baseline' }), trade({ pair: 'ADAUSD' }), trade({ pair: 'XTZUSD' })],
      turnovers,
    )
    expect(rows.map(r => [r.pair, r.trades, r.feesUsd, r.marketUsd])).toEqual([
      ['ADAUSD', 1, 16, 5e6],
      ['SOLUSD', 2, 32, 1e6],
      ['XTZUSD', 1, 16, null],
    ])
  })
})

describe('the turnover of a market', () => {
  const day = 24 * hour
  interface Bar {
    readonly at: number
    readonly close: number
    readonly pair?: string
    readonly flags?: number
  }
  /** Bars of 100 coins that end at these hours after midnight. */
  const turnovers = (bars: readonly Bar[]) => {
    const prices = bars.map(({ at, close, pair = 'SOLUSD', flags = 0 }) => ({
      time: start + at,
      pair,
      close,
      volume: 100,
      flags,
    }))
    return readTurnovers(join(madeRun({ tables: { prices } }), 'prices.parquet'), hour)
  }

  it('is what was traded, and how the price moved, over the days that have bars: gaps and closed days add nothing', async () => {
    // Two bars on the first day, the last of them ending at midnight, none on three days, two on the fifth.
    const bars = [
      { at: 10 * hour, close: 10 },
      { at: day, close: 11 },
      { at: day + hour, close: 500, flags: BarFlag.filled },
      { at: 4 * day + 5 * hour, close: 11 },
      { at: 4 * day + 9 * hour, close: 9.9 },
    ]
    const { dailyUsd = 0, dailyVolatility = 0 } = (await turnovers(bars)).get('SOLUSD') ?? {}
    expect(dailyUsd).toBeCloseTo((100 * (10 + 11 + 11 + 9.9)) / 2, 6)
    expect(dailyVolatility).toBeCloseTo(Math.sqrt((0.1 ** 2 + 0.1 ** 2) / 2), 12)
  })

  it('is that of a pair alone, and 0 below two bars', async () => {
    const one = await turnovers([
      { at: hour, close: 10 },
      { at: hour, close: 4, pair: 'ADAUSD' },
      { at: 2 * hour, close: 4, pair: 'ADAUSD' },
    ])
    expect(one.get('SOLUSD')).toEqual({ dailyUsd: 0, dailyVolatility: 0 })
    expect(one.get('ADAUSD')).toEqual({ dailyUsd: 800, dailyVolatility: 0 })
  })
})

describe('capacity', () => {
  const turnovers = new Map([['SOLUSD', { dailyUsd: 1e8, dailyVolatility: 0.04 }]])
  /** P&L of the trades at s times their sizes, impact charged. */
  const earned = (trades: readonly Trade[], s: number) =>
    trades.reduce((sum, t) => sum + s * (t.pnlUsd - t.notionalUsd * 2 * 0.04 * Math.sqrt((s * t.notionalUsd) / 1e8)), 0)

  it('names the sizes at which the square-root law leaves the most, and nothing', () => {
    const trades = [trade({ pnlUsd: 12 }), trade({ pnlUsd: 5, notionalUsd: 1_000 })]
    const { best = null, most = null } = capacityOf('mycelial', trades, turnovers) ?? {}
    expect(earned(trades, most ?? 0)).toBeCloseTo(0, 6)
    for (const other of [0.9, 1.1]) expect(earned(trades, best ?? 0)).toBeGreaterThan(earned(trades, other * (best ?? 0)))
  })

  it('is none for a portfolio that earned nothing, and undefined where no volume is known', () => {
    expect(capacityOf('mycelial', [trade({ pnlUsd: -1 })], turnovers)).toMatchObject({ best: null, most: null })
    expect(capacityOf('mycelial', [trade({ pair: 'XTZUSD' })], turnovers)).toBeUndefined()
    expect(capacityOf('baseline', [trade()], turnovers)).toBeUndefined()
  })
})

describe('the section of the report', () => {
  const page = async () => {
    const bars = [1, 2, 3, 4]
    const directory = madeRun({
      patterns: [],
      tables: {
        model: bars.map(step => ({ step, time: start + step * hour, baseline: 1, mycelial: 1, synthesized: 1, hold: 1 })),
        prices: bars.map(step => ({ time: start + step * hour, pair: 'SOLUSD', close: 10 + step, volume: 1_000, flags: 0 })),
        ideas: [{ id: 'PatternLearner-3:1:0', agent: 'PatternLearner-3', prediction: -0.0123 }],
        trades: [
          {
            portfolio: 'mycelial',
            pair: 'SOLUSD',
            agent: 'PatternLearner-3',
            pattern: 'code:Rust|level|0|SOLUSD|1',
            idea_id: 'PatternLearner-3:1:0',
            direction: -1,
            entry_time: start + hour,
            exit_time: start + 2 * hour,
            entry_price: 10,
            exit_price: 9,
            entry_notional_e6: 2_000_000_000,
            exit_notional_e6: 1_960_000_000,
            fees_e6: 15_840_000,
            slippage_e6: 2_000_000,
            borrow_e6: 160_000,
            pnl_e6: 24_000_000,
          },
        ],
      },
    })
    return readFileSync(await writeReport(directory), 'utf8').replace(/[\s\u00a0]+/g, ' ')
  }

  it('joins a trade with the prediction of its idea, and shows gross, net and costs in basis points', async () => {
    const html = await page()
    const [, section = ''] = /<section id="edge"(.*?)<\/section>/.exec(html) ?? []
    expect(section).toContain('code:Rust|level|0|SOLUSD|1')
    // Predicted 1.23 %; (24 + 15.84 + 2 + 0.16) of 2,000 USD gross; 24 of 2,000 net; 18 of 3,960 a side.
    for (const cell of ['123', '210', '120', '45.45']) expect(section).toContain(`<td>${cell}</td>`)
  })

  it('stands in no report of trades that say nothing of their costs', () => {
    expect(edgeOf([], new Map())).toBeUndefined()
  })
})
