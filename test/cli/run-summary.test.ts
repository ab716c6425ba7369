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
      'Nothing was approved, and weaker causes would be missed with a chance of 20 % or more: correlation below 0.091, or moves of 0.36 σ over 1, 1.26 σ over 12 bars where the driver is at 4 σ.',
    )
    expect(said({ patterns: { ...patterns, detectable: { power: 0.8, bars: 100, effects: [] } } })).toContain(
      'Nothing was approved, and 100 bars are too few to approve an effect of any size.',
    )
  })
})
