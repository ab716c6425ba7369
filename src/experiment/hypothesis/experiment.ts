/** The experiment `hypothesis`: every market of the map with all its seeds, by any engine, and what they say together. */

import { join } from 'node:path'
import type { Engine, Task } from '../../pool/index.js'
import type { PortfolioName, Thinning } from '../../trading/index.js'
import { portfolioNames } from '../../trading/index.js'
import { commit, packageManifest } from '../../world/index.js'
import { type Estimate, type Evenness, evennessOf, ratioEstimate } from '../statistics/index.js'
import { SweepInterrupted } from '../sweep-errors.js'
import { type Agreement, agreementOf } from './agreement.js'
import { type Claim, claimTrades, judgeClaim } from './claim.js'
import { haltedMarkets, mapMarkets, nullMarket, type TestedMarket } from './markets.js'
import { leastWindows, type RealWindow, realWindows, windowBars } from './real-windows.js'
import { type HypothesisFigures, type HypothesisTask, hypothesisRunOn } from './run.js'
import { RunStore } from './run-store.js'

export interface HypothesisRequest {
  /** Makes the runs; it must know the handler `hypothesis`. */
  readonly engine: Engine
  /** A folder in which finished runs are kept: the same request again makes only those that are missing. */
  readonly out: string
  /** A few seeds a market and shorter runs: shows that it works, and proves nothing. */
  readonly quick?: boolean | undefined
  /** At most so many seeds a market, the first of each; the markets without any edge keep theirs. */
  readonly seeds?: number | undefined
  /** Real candles, as `mycelia run --market` takes them. */
  readonly market?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: HypothesisProgress) => void) | undefined
}

/** Counted in runs. */
export interface HypothesisProgress {
  /** Runs that are there, of all. */
  readonly step: number
  readonly of: number
  /** Those that this call made. */
  readonly made: number
}

/** One market of the experiment, and what its runs say. */
export interface MarketResult extends TestedMarket {
  readonly claim: Claim
  readonly agreement: Agreement | null
  /** Mean net return a trade of each portfolio, and its trades a run. */
  readonly net: Readonly<Record<PortfolioName, Estimate>>
  readonly tradesPerRun: Readonly<Record<PortfolioName, number>>
  /** Of all bars, those at which the synthesized portfolio was halted. */
  readonly shareHalted: number
  /** Whether the seeds' ranks among their own thinnings are even: they are where agreement means nothing. */
  readonly ranks: Readonly<Record<'mycelial' | 'baseline', Evenness>>
}

export interface HypothesisResult {
  /** The commits that made the runs; versions, where there is no clone. */
  readonly commits: readonly string[]
  readonly quick: boolean
  /** The most seeds of a market with an edge; null: each has its own number. */
  readonly seeds: number | null
  /** Halts off. */
  readonly map: readonly MarketResult[]
  /** The named corners, halts on. */
  readonly halted: readonly MarketResult[]
  /** The null market, hypotheses forced. */
  readonly null: MarketResult
  /** Windows of real candles; null where none were given. */
  readonly real: RealResult | null
}

export interface RealResult {
  readonly windowBars: number
  /** Windows with enough synthesized trades, of all. */
  readonly qualify: number
  readonly windows: readonly { readonly from: string; readonly trades: number }[]
  /** Over the windows that qualify; null with too few of them. */
  readonly claim: Claim | null
}

const quickSeeds = 3
const quickSteps = 4_000

/** @throws SweepInterrupted where the signal stops it; what was made is kept. */
export async function hypothesis(request: HypothesisRequest): Promise<HypothesisResult> {
  const { quick = false, seeds = quick ? quickSeeds : null, market, signal, out } = request
  const store = new RunStore(join(out, 'runs.jsonl'), commit()?.slice(0, 7) ?? packageManifest().version)
  const planned = [nullMarket(), ...mapMarkets(), ...haltedMarkets()]
  const markets = planned.map(one =>
    reduced(one, one.edgeless && !quick ? one.seeds : (seeds ?? one.seeds), quick ? quickSteps : one.steps),
  )
  const tasks = inOrder(markets)
  await makeMissing(tasks, store, request)
  if (signal?.aborted) {
    const made = tasks.filter(task => store.get(task) !== undefined).length
    throw new SweepInterrupted(String(signal.reason), made, tasks.length, out)
  }
  const results = markets.map(one => resultOf(one, runsOf(one, store)))
  const real =
    market === undefined
      ? null
      : realOf(await realWindows(market, source => hypothesisRunOn(source, { seed: 1, steps: windowBars, halts: false })))
  return {
    commits: store.codesOf(tasks),
    quick,
    seeds,
    map: results.filter(({ halts, strengths }) => halts === undefined && strengths !== null),
    halted: results.filter(({ halts }) => halts === true),
    null: results.find(({ strengths }) => strengths === null) as MarketResult,
    real,
  }
}

/** First what shows whether the comparison is fair, then the first seeds of every market: a stop leaves something of all of them. */
function inOrder(markets: readonly TestedMarket[]): HypothesisTask[] {
  const [fair, rest] = [true, false].map(wanted => markets.filter(({ edgeless = false }) => edgeless === wanted).flatMap(tasksOf))
  return [...(fair ?? []), ...(rest ?? []).sort((a, b) => a.seed - b.seed)]
}

function reduced(market: TestedMarket, seeds: number, steps: number): TestedMarket {
  return { ...market, seeds: Math.min(market.seeds, seeds), steps: Math.min(market.steps, steps) }
}

function tasksOf({ strengths, seeds, steps, halts = false }: TestedMarket): HypothesisTask[] {
  return Array.from({ length: seeds }, (_, i) => ({ strengths, seed: i + 1, steps, halts }))
}

function runsOf(market: TestedMarket, store: RunStore): HypothesisFigures[] {
  return tasksOf(market).map(task => store.get(task) as HypothesisFigures)
}

async function makeMissing(
  tasks: readonly HypothesisTask[],
  store: RunStore,
  { engine, signal, onProgress }: HypothesisRequest,
): Promise<void> {
  const missing = tasks.filter(task => store.get(task) === undefined)
  const queue = missing.map((input, index): Task => ({ index, input }))
  let done = tasks.length - missing.length
  let made = 0
  const results = engine.run<HypothesisFigures>({ handler: 'hypothesis', setup: null }, queue, signal)
  for await (const result of results) {
    if ('error' in result) throw new Error(`A run of the experiment failed: ${result.error.stack}`)
    store.add(missing[result.index] as HypothesisTask, result.output)
    onProgress?.({ step: ++done, of: tasks.length, made: ++made })
  }
}

function resultOf(market: TestedMarket, runs: readonly HypothesisFigures[]): MarketResult {
  const enough = runs.filter(({ portfolios }) => portfolios.synthesized.trades >= claimTrades)
  const ranks = (thinned: (run: HypothesisFigures) => Thinning | null) =>
    evennessOf(enough.flatMap(run => thinned(run)?.rank ?? []))
  return {
    ...market,
    claim: judgeClaim(runs),
    agreement: agreementOf(runs.map(({ accuracy }) => accuracy)),
    net: ofEach(name =>
      ratioEstimate(runs.map(({ portfolios }) => ({ sum: portfolios[name].net, count: portfolios[name].trades }))),
    ),
    tradesPerRun: ofEach(name => runs.reduce((sum, { portfolios }) => sum + portfolios[name].trades, 0) / runs.length),
    shareHalted: runs.reduce((sum, { barsHalted }) => sum + barsHalted, 0) / (runs.length * market.steps),
    ranks: { mycelial: ranks(run => run.controls.mycelialThinned), baseline: ranks(run => run.controls.baselineThinned) },
  }
}

function ofEach<T>(of: (name: PortfolioName) => T): Record<PortfolioName, T> {
  return Object.fromEntries(portfolioNames.map(name => [name, of(name)])) as Record<PortfolioName, T>
}

function realOf(windows: readonly RealWindow<HypothesisFigures>[]): RealResult {
  const runs = windows.map(({ figures }) => figures)
  const claim = judgeClaim(runs)
  return {
    windowBars,
    qualify: claim.enough,
    windows: windows.map(({ from, figures }) => ({ from, trades: figures.portfolios.synthesized.trades })),
    claim: claim.enough < leastWindows ? null : claim,
  }
}
