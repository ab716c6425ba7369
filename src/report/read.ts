/** Reads everything a report shows back from a run directory: manifest, tables and the archive of patterns; while the run is under way, beside it. */

import { HOUR_MS } from '../core/index.js'
import { type Columns, numbersOf, RunDirectory, readTable, rowsIn } from '../storage/index.js'
import { portfolioNames } from '../trading/index.js'
import { agentsOverTime } from './agents-over-time.js'
import { patternsOf, readArchive } from './archive.js'
import { readBars } from './bars.js'
import { pricesOf } from './candles.js'
import { readCommands } from './commands.js'
import { contributionsByType, contributionsOf, countIdeas } from './contributions.js'
import { dailyOf } from './curve/daily.js'
import type { ReportData, TradingData } from './data.js'
import { readDecisions } from './decisions.js'
import { sample } from './down-sample.js'
import { edgeOf } from './edge/index.js'
import { readTurnovers } from './edge/turnover.js'
import { readCompliance } from './launches/compliance.js'
import { reportLimits } from './limits.js'
import { readMemory } from './memory/read.js'
import { moatsOf } from './moats.js'
import { type Clock, clockOf, equityLines, haltedOf, modelLines, tradingColumns } from './model-lines.js'
import { readNetwork } from './network/read.js'
import { readSpreads } from './spreads.js'
import { number } from './summary.js'
import { readThreads } from './threads.js'
import { busiestPairs, tradesOf } from './trades.js'

/** Refuses, naming it, a directory that is not a run's and a file that is not whole. */
export async function readReportData(directory: string): Promise<ReportData> {
  const run = RunDirectory.read(directory)
  const { manifest } = run
  const model = (await readTable(run.file('model.parquet'), 'all')) ?? {}
  const clock = clockOf(model)
  const archive = readArchive(run.file('mycelial_patterns.db'))
  const trades = 'portfolios' in manifest.summary || portfolioNames.every(name => model[name] !== undefined)
  return {
    path: run.path,
    manifest,
    underWay: manifest.status === 'running' ? { isAlive: run.isInUse, step: clock.steps.at(-1) ?? 0 } : null,
    model: modelLines(model, clock, trades ? tradingColumns : []),
    spreads: await readSpreads(run.file('agents.parquet')),
    agents: await agentsOverTime(run.file('agents.parquet')),
    trading: trades ? await readTrading(run, model, clock, archive ?? []) : null,
    network: await readNetwork(run),
    compliance: await readCompliance(run.path),
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
  const table = (await readTable(run.file('trades.parquet'), 'all')) ?? {}
  const bars = await readBars({ prices: run.file('prices.parquet'), revisions: run.file('revisions.parquet') }, clock)
  const trades = await tradesOf(table, { ideas: run.file('ideas.parquet'), bars, clock })
  const contributions = contributionsOf(await countIdeas(run.file('ideas.parquet')), table, archive)
  const barMs = barMsOf(run)
  return {
    ...equityLines(model, clock),
    ...(await readThreads(run, trades, { archive, barMs })),
    daily: dailyOf(model, clock),
    contagion: sample(numbersOf(model.contagion), clock.buckets, 4),
    halted: haltedOf(model, clock),
    prices: pricesOf(bars, clock, busiestPairs(table)),
    trades,
    moats: moatsOf(archive, await lastSignals(run.file('signals.parquet'))),
    contributions: contributions.slice(0, reportLimits.agents),
    contributors: contributions.length,
    byType: contributionsByType(contributions),
    edge: edgeOf(trades, await readTurnovers(run.file('prices.parquet'), barMs)),
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
