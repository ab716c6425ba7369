/** A small run with past trades and what memory said of ideas, for tests. */

import type { Cell } from '../../src/core/index.js'
import { RunDirectory, RunOutputs } from '../../src/storage/index.js'
import { type Features, type Trade, TradeConfirmations } from '../../src/trading/index.js'
import { hour, start, trade } from '../storage/makers.js'
import { table, temporary } from '../storage/support.js'
import { plainManifest, startedAt } from './report-runs.js'

/** The i-th past trade, open from hour i to hour i + 4; even ones won. */
export function pastTrade(i: number, over: Partial<Trade> = {}, features: Partial<Features> = {}): Trade {
  const made = trade(i, 'mycelial')
  return {
    ...made,
    tradeId: `mycelial:${i}:PatternLearner-3:0`,
    ideaIds: [`PatternLearner-3:${i}:0`],
    agent: 'PatternLearner-3',
    pattern: i % 3 === 0 ? 'government:EPA|level|1|SOLUSD|4' : 'code:Rust|level|1|SOLUSD|4',
    pnlE6: i % 2 === 0 ? 12_340_000 + i : -7_000_000 - i,
    prediction: 0.01,
    crossMoatScore: 1 + (i % 2),
    ...over,
    features: { ...made.features, rsi: 30 + i, macd: 0.001 * (i % 5), atr: 0.01 + 0.001 * (i % 7), ...features },
  }
}

export interface RecollectionRow {
  readonly idea_id: string
  readonly decided_at: number
  readonly nearest: string
  readonly distances?: string
  readonly factor?: number
}

export function recollection({ distances = '0.25', factor = 1.2, ...given }: RecollectionRow): Record<string, Cell> {
  return { confidence: 0.5, cases: 3, won: 2, same_moat_cases: 1, same_moat_won: 1, factor, distances, ...given }
}

/** The directory of a run with these trades, and what memory said; in `place`, by default a folder that goes with the test. */
export function memoryRun(
  trades: readonly Trade[],
  recollections: readonly Record<string, Cell>[] | undefined,
  place = temporary(),
  request: Record<string, unknown> = { scenario: 'made', knowledge: 'runs/earlier' },
): string {
  const directory = RunDirectory.create({ scenario: 'made', seed: 7, startedAt, out: `${place}/run` })
  const outputs = RunOutputs.open(directory, { trading: true })
  outputs.write(table('model', [{ step: 1, time: start, baseline: 1, mycelial: 1, synthesized: 1 }]))
  if (trades.length > 0) outputs.write(table('trades', trades.map(tradeRow)))
  if (recollections !== undefined) outputs.write(table('recollections', recollections as Record<string, Cell>[]))
  for (const each of trades) outputs.hear(TradeConfirmations, each, 1)
  outputs.finish()
  const memory = {
    ideas: 5,
    changed: 4,
    meanFactor: 1.1,
    least: 0.9,
    greatest: 1.2,
    refused: 1,
    admitted: 0,
    sizedUp: 2,
    sizedDown: 1,
  }
  directory.writeManifest({ ...plainManifest(directory.runId), request, summary: { portfolios: {}, memory } })
  outputs.close()
  directory.close()
  return directory.path
}

function tradeRow(t: Trade): Record<string, Cell> {
  return {
    trade_id: t.tradeId,
    portfolio: t.portfolio,
    pair: t.pair,
    direction: t.direction,
    agent: t.agent,
    entry_time: t.entryTime,
    exit_time: t.exitTime,
    entry_price: t.entryPriceUsd,
    exit_price: t.exitPriceUsd,
    pnl_e6: t.pnlE6,
    idea_id: t.ideaIds[0] ?? '',
  }
}

export const atHour = (n: number) => start + n * hour
