/** Reads everything a report shows back from a run directory: manifest, tables and the archive of patterns; while the run is under way, beside it. */

import { HOUR_MS } from '../core/index.js'
import { type Columns, numbersOf, RunDirectory, readTable, rowsIn } from '../storage/index.js'
import { patternsOf, readArchive } from './archive.js'
import { readCommands } from './commands.js'
import { contributionsByType, contributionsOf, countIdeas } from './contributions.js'
import type { ReportData, TradingData } from './data.js'
import { readDecisions } from './decisions.js'
import { sample } from './down-sample.js'
import { edgeOf } from './edge/index.js'
import { edgeColumns, readEdgeTrades } from './edge/trades.js'
import { readTurnovers } from './edge/turnover.js'
import { reportLimits } from './limits.js'
import { readMemory } from './memory/read.js'
import { moatsOf } from './moats.js'
import { type Clock, clockOf, equityLines, haltedOf, modelLines, tradingColumns } from './model-lines.js'
import { busiestPairs, pricesOf, readCloses, tradeMarks } from './prices.js'
import { readSpreads } from './spreads.js'
import { number } from './summary.js'

const tradeColumns = ['direction', 'agent', 'entry_time', 'exit_time', 'entry_price', 'exit_price', ...edgeColumns]

/** Refuses, naming it, a directory that is not a run's and a file that is not whole. */
export async function readReportData(directory: string): Promise<ReportData> {
  const run = RunDirectory.read(directory)
  const { manifest } = run
  const model = (await readTable(run.file('model.parquet'), 'all')) ?? {}
  const clock = clockOf(model)
  const archive = readArchive(run.file('mycelial_patterns.db'))
  const trades = 'portfolios' in manifest.summary || model.baseline !== undefined
  return {
    manifest,
    underWay: manifest.status === 'running' ? { isAlive: run.isInUse, step: clock.steps.at(-1) ?? 0 } : null,
    model: modelLines(model, clock, trades ? tradingColumns : []),
    spreads: await readSpreads(run.file('agents.parquet')),
    trading: trades ? await readTrading(run, model, clock, archive ?? []) : null,
    patterns: trades && archive !== undefined ? patternsOf(archive, manifest.market, clock) : null,
    period: clock.timed && clock.x.length > 0 ? { from: millis(clock.x[0]), to: millis(clock.x.at(-1)) } : null,
  }
}

async function readTrading(
  run: RunDirectory,
  model: Columns,
  clock: Clock,
  archive: NonNullable<ReturnType<typeof readArchive>>,
): Promise<TradingData> {
  const trades = await readTable(run.file('trades.parquet'), tradeColumns)
  const closes = await readCloses({ prices: run.file('prices.parquet'), revisions: run.file('revisions.parquet') }, clock)
  const contributions = contributionsOf(await countIdeas(run.file('ideas.parquet')), trades, archive)
  return {
    ...equityLines(model, clock),
    contagion: sample(numbersOf(model.contagion), clock.buckets, 4),
    halted: haltedOf(model, clock),
    prices: pricesOf(closes, clock, busiestPairs(trades)),
    trades: tradeMarks(trades),
    moats: moatsOf(archive, await lastSignals(run.file('signals.parquet'))),
    contributions: contributions.slice(0, reportLimits.agents),
    contributors: contributions.length,
    byType: contributionsByType(contributions),
    edge: edgeOf(
      await readEdgeTrades(trades, run.file('ideas.parquet')),
      await readTurnovers(run.file('prices.parquet'), barMsOf(run)),
    ),
    decisions: await readDecisions(run.file('decisions.parquet'), run.file('locks.parquet')),
    commands: await readCommands(run.file('commands.parquet')),
    memory: await readMemory(run),
  }
}

async function lastSignals(path: string): Promise<Columns | undefined> {
  return readTable(path, 'all', { from: (await rowsIn(path)) - reportLimits.signalRows })
}

/** Length of a bar; an hour where the manifest does not say. */
function barMsOf({ manifest }: RunDirectory): number {
  return number(manifest.parameters.barMs) ?? HOUR_MS
}

function millis(seconds: number | undefined): number {
  return Math.round((seconds ?? 0) * 1_000)
}
