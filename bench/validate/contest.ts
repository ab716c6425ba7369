/**
 * The contest: baseline, random entry, mycelial, synthesized, its thinnings and buy-and-hold on the default market, on planted-sparse, on
 * the null and on real candles. One comparison is primary, named here before any run: mean net return a trade, synthesized minus
 * mycelial, paired by seed, on the default market. Whichever way it falls, the page says so.
 */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { simulate } from 'mycelia'
import { portfolioNames } from 'mycelia/market'
import trifecta from '../../scenarios/trifecta.js'
import {
  claimTrades,
  forcedHypotheses,
  judgeClaim,
  leastWindows,
  type RealWindow,
  realWindows,
  thinnedDifference,
  thinnedPart,
  windowBars,
} from '../../src/experiment/index.js'
import {
  type Estimate,
  estimate,
  interval,
  type Part,
  ratioDifference,
  ratioEstimate,
  sumOf,
} from '../../src/experiment/statistics/index.js'
import type { Controls } from '../../src/trading/index.js'
import { bp, type Check, type CheckContext, seeds } from './check.js'
import { type SwarmFigures, type SwarmTask, watched } from './swarm-run.js'

/** The claim needs so many seeds in which the synthesized portfolio makes enough trades. */
const claimSeeds = 200
/** 5 % over three portfolios, Bonferroni. */
const nullBound = 2.4

interface Market {
  readonly name: string
  readonly title: string
  readonly seeds: number
  readonly task: (seed: number) => SwarmTask
}

const markets: readonly Market[] = [
  {
    name: 'default',
    title: 'The default market',
    seeds: claimSeeds,
    task: seed => ({ scenario: 'trifecta', seed, steps: 10_000, controls: true }),
  },
  {
    name: 'sparse',
    title: 'Planted, sparse',
    seeds: 12,
    task: seed => ({ scenario: 'planted-sparse', seed, steps: 10_000, controls: true }),
  },
  {
    name: 'null',
    title: 'The null, with a fixed list of forced hypotheses',
    seeds: 40,
    task: seed => ({
      scenario: 'null-market',
      seed,
      steps: 2_000,
      controls: true,
      params: { forcedHypotheses: [...forcedHypotheses()] },
    }),
  },
]

export const contestCheck: Check = {
  name: 'contest',
  promise: 'a fair contest, reported whichever way it falls',
  measured: `trifecta's market, ${claimSeeds} seeds × 10000 steps; planted-sparse; the null with a fixed list of forced hypotheses, where every portfolio loses its costs (|t| of its gross mean < ${nullBound}); real candles. Primary, named beforehand: mean net return a trade, synthesized minus mycelial, paired by seed, default market`,
  async run(context) {
    const entries: [Market, readonly SwarmFigures[]][] = []
    for (const market of markets) entries.push([market, await context.runs(`contest, ${market.name}`, tasksOf(market, context))])
    const windows = context.quick ? [] : await windowsOfCandles()
    const sections = entries.map(([market, runs]) => ({ market, figures: figuresOf(runs) }))
    const [first, , third] = sections
    if (first === undefined || third === undefined) throw new Error('the contest has three made markets')
    const nullGross = portfolioNames.map(name => grossOf(entries[2]?.[1] ?? [], name))
    const claim = claimOf(entries[0]?.[1] ?? [])
    const real = realOf(windows)
    return {
      kept: nullGross.every(gross => Math.abs(gross.t) < nullBound),
      says: `default market: ${sentence('synthesized minus mycelial', first.figures.primary)}; ${claim}; ${real}`,
      figures: {
        primary: first.figures.primary,
        markets: Object.fromEntries(sections.map(({ market, figures }) => [market.name, figures])),
        nullGross,
        claim,
        real: windows.map(({ from, figures }) => ({ from, portfolios: figures.portfolios, controls: figures.controls })),
      },
      inputs: { markets: sections.map(({ market }) => ({ name: market.name, tasks: tasksOf(market, context) })) },
      page: { name: 'contest.md', text: page(sections, nullGross, claim, real) },
    }
  },
}

function tasksOf(market: Market, context: CheckContext): SwarmTask[] {
  return seeds(context, market.seeds).map(market.task)
}

/** Mean net return a trade of every contender, differences by seed, and buy-and-hold's return a run. */
function figuresOf(runs: readonly SwarmFigures[]) {
  const parts = (name: (typeof portfolioNames)[number]) => runs.map((r): Part => netPart(r, name))
  const controls = runs.map(r => r.controls)
  return {
    seeds: runs.length,
    tradesPerRun: Object.fromEntries(portfolioNames.map(name => [name, sumOf(parts(name).map(p => p.count)) / runs.length])),
    baseline: ratioEstimate(parts('baseline')),
    random: ratioEstimate(controls.map(randomPart)),
    mycelial: ratioEstimate(parts('mycelial')),
    synthesized: ratioEstimate(parts('synthesized')),
    mycelialThinned: ratioEstimate(controls.map(c => thinnedPart(c?.mycelialThinned, 'net'))),
    baselineThinned: ratioEstimate(controls.map(c => thinnedPart(c?.baselineThinned, 'net'))),
    hold: estimate(runs.map(r => r.buyAndHoldReturn)),
    primary: ratioDifference(parts('synthesized'), parts('mycelial')),
    baselineMinusRandom: ratioDifference(parts('baseline'), controls.map(randomPart)),
    againstMycelial: thinnedDifference(runs, 'mycelialThinned'),
    againstBaseline: thinnedDifference(runs, 'baselineThinned'),
  }
}
type ContestFigures = ReturnType<typeof figuresOf>

function netPart(run: SwarmFigures, name: (typeof portfolioNames)[number]): Part {
  return { sum: run.portfolios[name].net, count: run.portfolios[name].trades }
}

function grossOf(runs: readonly SwarmFigures[], name: (typeof portfolioNames)[number]): Estimate {
  return ratioEstimate(
    runs.map(r => ({ sum: r.portfolios[name].net + r.portfolios[name].cost, count: r.portfolios[name].trades })),
  )
}

function randomPart(controls: Controls | undefined): Part {
  const random = controls?.randomEntry
  return random == null ? { sum: 0, count: 0 } : { sum: random.net * random.trades, count: random.trades }
}

/** The claim of the experiment `hypothesis`: better than thinnings of both others, each at one-sided 5 %, in seeds that trade enough. */
function claimOf(runs: readonly SwarmFigures[]): string {
  const { seeds: all, enough, overMycelial, overBaseline, holds } = judgeClaim(runs)
  const counted = `${enough} of ${all} seeds have at least ${claimTrades} synthesized trades`
  if (holds === null) return `the claim cannot be judged: ${counted}`
  const shortfall = enough < claimSeeds ? ` (${claimSeeds} are needed)` : ''
  return `the claim ${holds ? 'holds' : 'does not hold'} in them: ${bp(overMycelial.mean)} (t ${overMycelial.t.toFixed(1)}) over mycelial thinnings, ${bp(overBaseline.mean)} (t ${overBaseline.t.toFixed(1)}) over baseline ones; ${counted}${shortfall}`
}

type Window = RealWindow<SwarmFigures>

/** Runs on the candles beside the repository or under MYCELIA_SHARED; none where there are none. */
async function windowsOfCandles(): Promise<Window[]> {
  const path = resolve(process.env.MYCELIA_SHARED ?? '../shared', 'data')
  if (!existsSync(path)) return []
  return realWindows(path, source =>
    watched(simulate(trifecta, { seed: 1, collect: false, source }), {
      scenario: 'trifecta',
      seed: 1,
      steps: windowBars,
      controls: true,
    }),
  )
}

/** What real candles allow to be said. */
function realOf(windows: readonly Window[]): string {
  const trades = windows.map(({ figures }) => figures.portfolios.synthesized.trades)
  const qualify = windows.filter((_, i) => (trades[i] as number) >= claimTrades)
  if (qualify.length >= leastWindows) {
    const { primary, synthesized } = figuresOf(qualify.map(w => w.figures))
    return `real candles, ${qualify.length} windows of ${windowBars} bars: synthesized ${bp(synthesized.mean)} net a trade, ${sentence('synthesized minus mycelial', primary)}`
  }
  const seen =
    windows.length === 0
      ? 'there are no candles'
      : `of ${windows.length} windows of ${windowBars} bars ${qualify.length} make ${claimTrades} synthesized trades (${trades.join(', ')})`
  return `real candles: no window qualifies (${leastWindows} windows with ${claimTrades} trades are needed; ${seen})${detectable(windows)}`
}

/** The smallest mean gross return a trade that as many windows as needed would show, given how far the baseline's trades spread there. */
function detectable(windows: readonly Window[]): string {
  const spread = windows.flatMap(({ figures }) => {
    const random = figures.controls?.randomEntry
    return random == null ? [] : [random.sd * Math.sqrt(random.trades)]
  })
  if (spread.length === 0) return ''
  const sd = sumOf(spread) / spread.length
  const effect = 2.8 * sd * Math.sqrt(2 / (leastWindows * claimTrades))
  return `; with ${leastWindows} × ${claimTrades} trades that spread as the baseline's do there (sd ${bp(sd)}), a difference of ${bp(effect)} a trade would be seen with 80 % power`
}

/** An estimate in words. */
function sentence(what: string, estimated: Estimate): string {
  if (!Number.isFinite(estimated.mean) || !Number.isFinite(estimated.error)) return `${what}: nothing to compare`
  const [low, high] = interval(estimated)
  const verdict =
    low > 0
      ? 'it is higher'
      : high < 0
        ? 'it is lower'
        : `not told apart from 0; a difference of ${bp(2.8 * estimated.error)} would have been seen with 80 % power`
  return `${what} ${bp(estimated.mean)} a trade (95 % ${bp(low)} to ${bp(high)}): ${verdict}`
}

function page(
  sections: readonly { market: Market; figures: ContestFigures }[],
  nullGross: readonly Estimate[],
  claim: string,
  real: string,
): string {
  const [first] = sections
  const primary = first === undefined ? '' : sentence('Synthesized minus mycelial', first.figures.primary)
  return `# The contest

Written by \`npm run validate -- --only contest\`; figures, seeds, commit and date: [contest.json](contest.json). Means are net returns a
trade in basis points of notional, over all trades of all seeds, with a seed as the unit of chance; intervals are 95 %.

**Primary comparison, named before any run:** mean net return a trade, synthesized minus mycelial, paired by seed, on the default market.

> ${primary}.

Everything below is secondary: there are many comparisons, and some of them will look decided by chance alone.

- The claim (better than count-matched thinnings of both others): ${claim}.
- ${capital(real)}.
- The null: gross means a trade of ${portfolioNames.map((name, i) => `${name} ${bp(nullGross[i]?.mean ?? Number.NaN)} (t ${(nullGross[i]?.t ?? Number.NaN).toFixed(1)})`).join(', ')}; each portfolio loses its costs there, as it must.
${sections.map(({ market, figures }) => section(market, figures)).join('')}`
}

function section({ title, task }: Market, f: ContestFigures): string {
  const row = (name: string, e: Estimate, trades: string) => {
    const [low, high] = interval(e)
    const known = Number.isFinite(e.mean) && Number.isFinite(e.error)
    return `| ${name} | ${trades} | ${known ? bp(e.mean) : '–'} | ${known ? `${bp(low)} to ${bp(high)}` : '–'} |`
  }
  const trades = (name: string) => (f.tradesPerRun[name] ?? 0).toFixed(1)
  const [low, high] = interval(f.hold)
  return `
## ${title}

\`${task(1).scenario}\`, ${f.seeds} seeds × ${task(1).steps} steps. Buy-and-hold: ${(100 * f.hold.mean).toFixed(1)} % a run (95 % ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %).

| | trades a run | net a trade | 95 % |
| --- | ---: | ---: | --- |
${row('baseline', f.baseline, trades('baseline'))}
${row('random entry', f.random, trades('baseline'))}
${row('mycelial', f.mycelial, trades('mycelial'))}
${row('synthesized', f.synthesized, trades('synthesized'))}
${row('mycelial, thinned', f.mycelialThinned, 'as synthesized')}
${row('baseline, thinned', f.baselineThinned, 'as synthesized')}

- ${sentence('Baseline minus random entry', f.baselineMinusRandom)}.
- ${sentence('Synthesized minus mycelial', f.primary)}.
- ${sentence('Synthesized minus as many mycelial trades that agreed with nothing', f.againstMycelial)}.
- ${sentence('Synthesized minus as many baseline trades that agreed with nothing, held as long', f.againstBaseline)}.
`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
