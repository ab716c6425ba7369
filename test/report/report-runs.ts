/** Small runs written to disk with the real sinks, for the tests of the report. */

import type { Cell, Table } from '../../src/core/index.js'
import { type Manifest, RunDirectory, RunOutputs } from '../../src/storage/index.js'
import { PatternLog, type PatternRow } from '../../src/trading/index.js'
import { hour, pattern, start } from '../storage/makers.js'
import { table, temporary } from '../storage/support.js'

export const startedAt = '2026-01-31T12:34:56.789Z'

export interface MadeRun {
  readonly tables: Readonly<Record<string, readonly Record<string, Cell>[]>>
  readonly patterns?: readonly PatternRow[]
  readonly manifest?: Partial<Manifest>
  /** The directory, which the caller removes; default: one that goes with the test. */
  readonly out?: string
}

/** Returns the directory. */
export function madeRun({ tables, patterns, manifest, out }: MadeRun): string {
  return runOf(
    Object.entries(tables).map(([name, rows]) => table(name, rows)),
    { patterns, manifest, out },
  )
}

export function runOf(
  tables: readonly Table[],
  {
    patterns,
    manifest = {},
    out = `${temporary()}/run`,
  }: {
    patterns?: readonly PatternRow[] | undefined
    manifest?: Partial<Manifest> | undefined
    out?: string | undefined
  },
): string {
  const directory = RunDirectory.create({ scenario: 'made', seed: 7, startedAt, out })
  const outputs = RunOutputs.open(directory, { trading: patterns !== undefined })
  for (const made of tables) outputs.write(made)
  for (const row of patterns ?? []) outputs.hear(PatternLog, row, row.step)
  outputs.finish()
  directory.writeManifest({ ...plainManifest(directory.runId), ...manifest })
  outputs.close()
  directory.close()
  return directory.path
}

export function plainManifest(runId: string): Manifest {
  return {
    manifest: 1,
    runId,
    scenario: 'made',
    verb: 'run',
    status: 'finished',
    seed: 7,
    parameters: { barMs: hour, capitalUsd: 100_000, contagionPause: 0.8, contagionResume: 0.6 },
    versions: { mycelia: '0.1.0' },
    commit: null,
    inputs: {},
    market: null,
    steps: 3,
    digest: 'a'.repeat(64),
    outputs: {},
    startedAt,
    endedAt: startedAt,
    wallTimeMs: 10,
    summary: {},
  }
}

export const hostile = '<img src=x onerror="document.title=1">'

/** Three bars, two trades, three patterns of which one is right and one is noise, and names that want to be more than names. */
export function tradingRun(given: Partial<Manifest> = {}): string {
  const bars = [1, 2, 3]
  const portfolios = { baseline_halted: false, mycelial_halted: false, synthesized_halted: false, contagion: 0.5 }
  const trade = { direction: 1, entry_price: 10, exit_price: 11, reason: 'horizon' }
  return madeRun({
    tables: {
      model: bars.map(step => ({
        step,
        time: start + step * hour,
        baseline: 100_000 - step,
        mycelial: 100_000 + step,
        synthesized: 100_000,
        hold: 100_000 + 10 * step,
        ...portfolios,
        baseline_halted: step === 2,
      })),
      prices: bars.map(step => ({
        time: start + step * hour,
        pair: 'SOLUSD',
        close: 10 + step,
        volume: 1,
        flags: step === 2 ? 1 : 0,
      })),
      trades: [
        {
          ...trade,
          portfolio: 'baseline',
          pair: 'SOLUSD',
          agent: hostile,
          entry_time: start + hour,
          exit_time: start + 2 * hour,
          pnl_e6: -2_500_000,
        },
        {
          ...trade,
          portfolio: 'mycelial',
          pair: 'SOLUSD',
          agent: 'PatternLearner-3',
          entry_time: start + hour,
          exit_time: start + 3 * hour,
          pnl_e6: 7_250_000,
        },
      ],
      ideas: [{ agent: hostile }, { agent: hostile }, { agent: 'PatternLearner-3' }],
      signals: bars.map(step => ({
        time: start + step * hour,
        moat: 'code',
        driver: 'code:Rust',
        z: step / 2,
        placebo: false,
      })),
    },
    patterns: [
      ...approval('code:Rust|level|0|SOLUSD|1', { sign: 1, placebo: false, step: 2 }),
      ...approval('code:Rust|change|0|SOLUSD|1', { sign: 1, placebo: false, step: 3 }),
      ...approval('code:Go|level|1|SOLUSD|4', { sign: -1, placebo: true, step: 3 }),
    ],
    manifest: {
      scenario: hostile,
      market: {
        kind: 'synthetic',
        planted: [
          { kind: 'sparse', strength: 1, driver: 'code:Rust', pair: 'SOLUSD', lag: 0, horizon: 1, sign: 1 },
          { kind: 'sparse', strength: 1, driver: 'code:Python', pair: 'SOLUSD', lag: 0, horizon: 1, sign: 1 },
        ],
      },
      summary: {
        portfolios: {
          baseline: { return: -0.00003, sharpe: null, trades: 1, reasons: { sharpe: 'needs 30 whole UTC days, has 0' } },
          mycelial: { return: 0.00003, trades: 1, reasons: {} },
          synthesized: { return: 0, trades: 0, reasons: {} },
        },
        collisions: { seen: 3, byChance: 1.25, sd: 0.5, p: 0.01, opposite: { seen: 1, byChance: 1.5, sd: 0.75, p: 0.8 } },
        memory: {
          ideas: 40,
          changed: 30,
          meanFactor: 1.0316,
          least: 0.9,
          greatest: 1.2,
          refused: 2,
          admitted: 0,
          sizedUp: 5,
          sizedDown: 3,
        },
        patterns: { hypothesisSpace: 100, tested: 90, candidates: 3, confirmed: 3, approved: 3 },
        counters: { published: 12_345, dropped: 1, requests: { asked: 5 }, rejected: { 'high below low': 2 } },
        rejectedInputs: 2,
      },
      realism: [
        { name: 'excess kurtosis', value: 0.5, target: '9…73', ok: false },
        { name: 'acf(|r|, 168)', value: null, reason: 'prices or volumes never changed', target: '–', ok: null },
        { name: 'acf(|r|, 50)', value: 0.25, reason: 'no real windows of 300 bars', target: '–', ok: null },
      ],
      realismBars: { measured: 300, of: 12_000, barMs: 3_600_000 },
      quarantined: [{ agent: hostile, step: 2, reason: '</script><script>document.title=2</script>' }],
      ...given,
    },
  })
}

function approval(name: string, { sign, placebo, step }: { sign: 1 | -1; placebo: boolean; step: number }): PatternRow[] {
  const row = { ...pattern(step), pattern: name, sign, placebo, step, agent: 'PatternLearner-3' }
  return [
    { ...row, status: 'candidate', step: step - 1 },
    { ...row, status: 'approved', agent: 'DeepResearch-0' },
  ]
}
