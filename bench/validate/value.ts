/**
 * What each part of the swarm is worth: the part is exchanged for a plainer one that would do the same work, and what the swarm
 * then approves by mistake, how soon it finds what is planted, and what it earns are compared seed by seed.
 */

import { simulate } from 'mycelia'
import trifecta from '../../scenarios/trifecta.js'
import { type Estimate, estimate, interval, ratioDifference, wilson } from '../../src/experiment/statistics/index.js'
import type { PlantedCause } from '../../src/market/index.js'
import { type PortfolioName, portfolioNames } from '../../src/trading/index.js'
import { bp, brief, type Check, type CheckContext, percent, seeds } from './check.js'
import { stepFound } from './found.js'
import type { SwarmFigures, SwarmTask, TradeSums } from './swarm-run.js'

const steps = 10_000
const nullSteps = 5_000
const marketSeeds = 30
const nullSeeds = 60

interface Variant {
  readonly name: string
  /** What stands in for the part. */
  readonly instead: string
  readonly params: Readonly<Record<string, unknown>>
  /** False where the exchange cannot change what is approved in a market without causes. */
  readonly approves: boolean
}

const withoutMoat = (moat: string, miners: string): Variant => ({
  name: `the ${moat} moat`,
  instead: `no miner and no learner of ${moat}`,
  params: { [`${moat}Learners`]: 0, [miners]: 0 },
  approves: false,
})

export const variants: readonly Variant[] = [
  {
    name: 'the rule of three',
    instead: 'one learner confirms on all 54 blocks (z > 3), one researcher approves (p ≤ .007): the same null rate',
    params: { confirmationRule: 'one', researchers: 1 },
    approves: true,
  },
  { name: 'imitation', instead: 'imitationRate 0', params: { imitationRate: 0 }, approves: true },
  {
    name: 'the explorers’ ranking',
    instead: 'every explorer recommends every pair',
    params: { recommendPairs: 18 },
    approves: false,
  },
  { name: '60 learners: 20', instead: '20 finance learners', params: { financeLearners: 20 }, approves: true },
  { name: '60 learners: 120', instead: '120 finance learners', params: { financeLearners: 120 }, approves: true },
  withoutMoat('code', 'repoScrapes'),
  withoutMoat('logistics', 'logisticsMiners'),
  withoutMoat('government', 'govtDataMiners'),
  withoutMoat('corporations', 'corpDataMiners'),
  { name: 'memory', instead: 'ideas go out without asking it', params: { memories: 0 }, approves: false },
]

/** Causes found in a run, and the mean step at which they were: a cause that was not found counts as found at the end. */
function findings(run: SwarmFigures, causes: readonly PlantedCause[]): { found: number; meanStep: number } {
  const at = causes.map(cause => stepFound(run, cause, 'lag'))
  return {
    found: at.filter(step => step !== undefined).length,
    meanStep: at.reduce<number>((sum, step) => sum + (step ?? run.steps), 0) / causes.length,
  }
}

interface Worth {
  readonly variant: Variant
  /** Of the exchange: with it less without, paired by seed. */
  readonly found: Estimate
  readonly meanStep: Estimate
  readonly profitUsd: Readonly<Record<PortfolioName, Estimate>>
  readonly perTrade: Estimate
  readonly falseRuns: { readonly whole: number; readonly exchanged: number; readonly of: number } | undefined
}

export const valueCheck: Check = {
  name: 'value',
  promise: 'what each part is worth',
  measured: `trifecta's market, ${marketSeeds} seeds × ${steps} steps, and null-market, ${nullSeeds} seeds × ${nullSteps} steps: each part exchanged for a plainer one; causes found, mean step of finding, net P&L of each portfolio, net return of a mycelial trade, null runs that approve anything, paired by seed with 95 % intervals; reported whichever way they fall`,
  async run(context) {
    const causes = plantedCauses()
    const whole = await marketRuns(context, 'value, whole', {})
    const nullWhole = await nullRuns(context, 'value, null', {})
    const worths: Worth[] = []
    for (const variant of variants) {
      const exchanged = await marketRuns(context, `value, ${variant.name}`, variant.params)
      const nullExchanged = variant.approves ? await nullRuns(context, `value, ${variant.name}, null`, variant.params) : undefined
      worths.push(compare({ variant, whole, exchanged, causes, nullWhole, nullExchanged }))
    }
    const base = whole.map(run => findings(run, causes))
    const live = worths.filter(isFelt)
    return {
      kept: true,
      says: `${live.length} of ${worths.length} exchanges change a figure beyond chance: ${live.map(w => w.variant.name).join(', ') || 'none'}`,
      figures: {
        causes: causes.length,
        found: estimate(base.map(b => b.found)),
        meanStep: estimate(base.map(b => b.meanStep)),
        falseRunsOfNull: falseRuns(nullWhole),
        nullSeeds: nullWhole.length,
        perVariant: worths.map(({ variant: { name, instead, params }, ...measured }) => ({ name, instead, params, ...measured })),
      },
      inputs: { seeds: seeds(context, marketSeeds), nullSeeds: seeds(context, nullSeeds), steps, nullSteps },
      page: { name: 'value.md', text: valuePage(worths, causes.length, base, falseRuns(nullWhole), nullWhole.length) },
    }
  },
}

/** The causes of the default market, from its own description. */
export function plantedCauses(): PlantedCause[] {
  const { model } = simulate(trifecta, { seed: 1, collect: false })
  return model.source(trifecta.worlds?.run).describe().planted as PlantedCause[]
}

const marketRuns = (context: CheckContext, label: string, params: object) =>
  context.runs(
    label,
    seeds(context, marketSeeds).map((seed): SwarmTask => ({ scenario: 'trifecta', seed, steps, params: { ...params } })),
  )

const nullRuns = (context: CheckContext, label: string, params: object) =>
  context.runs(
    label,
    seeds(context, nullSeeds).map(
      (seed): SwarmTask => ({ scenario: 'null-market', seed, steps: nullSteps, params: { ...params } }),
    ),
  )

interface Compared {
  readonly variant: Variant
  readonly whole: readonly SwarmFigures[]
  readonly exchanged: readonly SwarmFigures[]
  readonly causes: readonly PlantedCause[]
  readonly nullWhole: readonly SwarmFigures[]
  readonly nullExchanged: readonly SwarmFigures[] | undefined
}

function compare({ variant, whole, exchanged, causes, nullWhole, nullExchanged }: Compared): Worth {
  const paired = (figure: (run: SwarmFigures) => number) =>
    estimate(whole.map((run, i) => figure(exchanged[i] as SwarmFigures) - figure(run)))
  const net = ({ net: sum, trades: count }: TradeSums) => ({ sum, count })
  return {
    variant,
    found: paired(run => findings(run, causes).found),
    meanStep: paired(run => findings(run, causes).meanStep),
    profitUsd: {
      baseline: paired(run => run.portfolios.baseline.pnlUsd),
      mycelial: paired(run => run.portfolios.mycelial.pnlUsd),
      synthesized: paired(run => run.portfolios.synthesized.pnlUsd),
    },
    perTrade: ratioDifference(
      exchanged.map(run => net(run.portfolios.mycelial)),
      whole.map(run => net(run.portfolios.mycelial)),
    ),
    falseRuns:
      nullExchanged === undefined
        ? undefined
        : { whole: falseRuns(nullWhole), exchanged: falseRuns(nullExchanged), of: nullExchanged.length },
  }
}

function falseRuns(runs: readonly SwarmFigures[]): number {
  return runs.filter(run => run.approvals.length > 0).length
}

/** True where an interval excludes 0. */
function isFelt({ found, meanStep, profitUsd, perTrade }: Worth): boolean {
  return [found, meanStep, ...Object.values(profitUsd), perTrade].some(excludesZero)
}

function excludesZero(e: Estimate): boolean {
  const [low, high] = interval(e)
  return low > 0 || high < 0
}

function valuePage(
  worths: readonly Worth[],
  causes: number,
  base: readonly { found: number; meanStep: number }[],
  falseWhole: number,
  nulls: number,
): string {
  const range = (e: Estimate, say: (x: number) => string) => {
    const [low, high] = interval(e)
    const text = `${say(e.mean)} (${say(low)} to ${say(high)})`
    return excludesZero(e) ? `**${text}**` : text
  }
  const rows = worths.map(({ variant, found, meanStep, profitUsd, perTrade, falseRuns: f }) => {
    const nulls = f === undefined ? 'not measured' : `${f.exchanged} of ${f.of} (${percent(wilson(f.exchanged, f.of))})`
    const cells = [
      range(found, brief),
      range(meanStep, x => x.toFixed(0)),
      ...portfolioNames.map(name => range(profitUsd[name], x => x.toFixed(0))),
      range(perTrade, bp),
    ]
    return `| ${[variant.name, variant.instead, ...cells, nulls].join(' | ')} |`
  })
  const found = estimate(base.map(b => b.found))
  const step = estimate(base.map(b => b.meanStep))
  const idle = worths.filter(worth => !isFelt(worth)).map(({ variant }) => variant.name)
  return `# What each part is worth

Each part is exchanged for a plainer one that does the same work; the same seeds run with and without the exchange. Figures are what
the exchange changes, with 95 % intervals; those that exclude 0 are in bold. A row with nothing in bold says that the part does nothing
that these runs can show; of ${6 * worths.length} intervals about ${Math.round(0.3 * worths.length)} exclude 0 by chance alone. The whole swarm finds ${brief(found.mean)} of the ${causes} planted causes, at step ${step.mean.toFixed(0)}
on average (a cause that is not found counts as found at the end), and approves a pattern in ${falseWhole} of ${nulls} null runs.

${idle.length === 0 ? 'Every part changes a figure.' : `These parts do nothing that these runs can show: ${idle.join(', ')}.`}

| part | exchanged for | causes found | mean step of finding | net P&L baseline, USD | mycelial, USD | synthesized, USD | net per mycelial trade | null runs that approve |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}
