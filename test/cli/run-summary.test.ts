/** What the terminal says after a run that trades. */

import { describe, expect, it } from 'vitest'
import { runSummary } from '../../src/cli/run-summary.js'
import type { RunResult } from '../../src/world/index.js'

const portfolio = { trades: 0, reasons: {} }
const result: RunResult = {
  scenario: 'trifecta',
  seed: 1,
  steps: 10_000,
  agents: { byType: {}, core: 121, support: 20, ta: 15 },
  stepsPerSecond: 100,
  digest: '0'.repeat(64),
  outputs: {},
  runDir: '/run',
  counters: {},
  rejectedInputs: 0,
  portfolios: { baseline: portfolio, mycelial: portfolio, synthesized: portfolio },
  ideas: 9_463,
  fills: 10,
  trades: 5,
  halts: 0,
}
const said = (more: Partial<RunResult>) => runSummary({ ...result, ...more }, [], undefined)

describe('the summary says', () => {
  it('of collisions how many chance gives, its spread and p, and how often ideas opposed each other', () => {
    const opposite = { seen: 97, byChance: 99, sd: 9.25, p: 0.577 }
    expect(said({ collisions: { seen: 1_280, byChance: 1_104.22, sd: 28.14, p: 1 / 201, opposite } })).toContain(
      'Collisions: 1,280 (1104.2 ± 28.1 by chance, p 0.005); in opposite directions 97 (99.0 ± 9.3 by chance, p 0.58)\n',
    )
  })

  it('how many ideas memory changed, by how much, and what that did', () => {
    const memory = { ideas: 9_463, changed: 3_120, meanFactor: 1.0314, least: 0.84, greatest: 1.213, refused: 12, admitted: 0 }
    expect(said({ memory: { ...memory, sizedUp: 340, sizedDown: 1_220 } })).toContain(
      'Memory: 3,120 of 9,463 ideas changed, mean factor 1.031 (0.84 to 1.21); 12 refused, 340 sized up, 1,220 sized down\n',
    )
    expect(said({ memory: { ...memory, changed: 0, sizedUp: 0, sizedDown: 0 } })).toContain(
      'Memory: none of 9,463 ideas changed\n',
    )
  })

  it('which bars the figures count, where trading could not begin with the first', () => {
    const since = Date.UTC(2026, 10, 30, 7, 51)
    expect(said({ steps: 730, tradable: { since, bars: 10 } })).toContain(
      'Figures count 10 of 730 bars: those from 2026-11-30 07:51 UTC on, when trading could begin.\n',
    )
    expect(said({ steps: 20, tradable: { since: null, bars: 0 } })).toContain(
      'Figures count 0 of 20 bars: trading could not begin.\n',
    )
    expect(said({ tradable: { since, bars: 10_000 } })).not.toContain('Figures count')
  })

  it('which pairs’ data ended while a position was open', () => {
    const lastBarEnd = Date.UTC(2023, 4, 1, 12)
    const dataEnded = [{ pair: 'XTZUSD', lastBarEnd, positions: 2 }]
    expect(said({ dataEnded, dataEndedLoss: 0.05 })).toContain(
      'Data ended: XTZUSD after 2023-05-01 12:00 UTC, 2 positions; closed 5 % worse than the last close, at which they were marked until then.\n',
    )
    expect(said({ dataEnded })).toContain('closed at a loss against the last close')
    expect(said({ dataEnded: [], dataEndedLoss: 0.05 })).not.toContain('Data ended')
  })

  it('Sharpe, Sortino and mean trade with half their 95 % interval, and how many days and trades are behind them', () => {
    const figures = { sharpe: 0.83, sharpe95: 1.204, days: 416, expectancy: -1.5, expectancy95: 3.25, trades: 812, reasons: {} }
    const lines = said({ portfolios: { baseline: figures, mycelial: portfolio, synthesized: portfolio } }).split('\n')
    expect(lines.find(line => line.startsWith('Sharpe, 95 %'))).toContain('0.83 ± 1.20')
    expect(lines.find(line => line.startsWith('mean P&L a trade, 95 %'))).toContain('-1.50 USD ± 3.25')
    expect(lines.find(line => line.startsWith('whole days'))).toContain('416')
  })

  it('that drawdown halts are re-based, so that losses add up, where there were any', () => {
    const drawdownRule = 'the peak is re-based 168 bars after a halt, so that losses of 5 % each add up'
    expect(said({ haltsByKind: { drawdown: 3 }, drawdownRule })).toContain(`\nDrawdown halts: 3; ${drawdownRule}\n`)
    expect(said({ haltsByKind: { drawdown: 0 }, drawdownRule })).not.toContain('Drawdown halts')
  })

  it('how many drivers are placebo noise, and what holding with no more at risk gained', () => {
    const patterns = { hypothesisSpace: 10, tested: 5, candidates: 0, confirmed: 0, approved: 0 }
    expect(said({ patterns, drivers: { total: 54, placebo: 53 } })).toContain(
      '53 of 54 drivers are placebo noise: what is found in them is a false discovery.\n',
    )
    expect(said({ patterns, drivers: { total: 54, placebo: 0 } })).not.toContain('placebo')
    expect(said({ buyAndHoldMatched: { share: 0.041, return: 0.0123 } })).toContain(
      '\nBuy and hold with the daily risk of the baseline (4.10 % of the capital): +1.23 %\n',
    )
  })

  it('of an approved pattern whose value does not pay that it is known and not traded', () => {
    const patterns = { hypothesisSpace: 10, tested: 5, candidates: 3, confirmed: 2, approved: 3 }
    const one = { pattern: 'code:Rust|level|0|SOLUSD|1', sign: 1, step: 2_500, time: 9_000_000_000, placebo: false } as const
    const approved = [true, false, null].map(traded => ({ ...one, traded }))
    const lines = runSummary({ ...result, patterns }, approved, undefined)
      .split('\n')
      .filter(line => line.includes('SOLUSD'))
    expect(lines.map(line => line.replace(/.*approved at step 2,500/, ''))).toEqual(['', ', known, not traded', ''])
  })

  it('and of an older run what it knew', () => {
    expect(said({ collisions: { seen: 12, byChance: 3.5 } })).toContain('Collisions: 12 (3.5 by chance)\n')
  })

  it('of a run that approved nothing which effects it would have missed, or that no effect could have been shown', () => {
    const patterns = { hypothesisSpace: 5_544, tested: 9, candidates: 3, confirmed: 0, approved: 0 }
    const effects = [
      { horizon: 1, ic: 0.0912, moveAtFourSigma: 0.365 },
      { horizon: 12, ic: 0.0912, moveAtFourSigma: 1.264 },
    ]
    expect(said({ patterns: { ...patterns, detectable: { power: 0.8, bars: 9_949, effects } } })).toContain(
      'Nothing was approved. Weaker causes are missed with a chance of 20 % or more: correlation below 0.091, or moves below 0.36 σ over 1, 1.26 σ over 12 bars where the driver is at 4 σ.',
    )
    expect(said({ patterns: { ...patterns, detectable: { power: 0.8, bars: 100, effects: [] } } })).toContain(
      'Nothing was approved. In 100 bars no effect of any size could have been approved.',
    )
  })
})
