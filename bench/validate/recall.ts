/**
 * What can be found: causes of every lag and horizon the swarm tests, from strength 0 up, twenty in each market; the share that
 * is approved is a curve of recall. The causes of strength 0 are the null beside it.
 */

import { defaultTimings, type Timing } from '../../src/discovery/index.js'
import { median, wilson } from '../../src/experiment/statistics/index.js'
import { defaultPairs, moatStreams, moats, type PlantedCause } from '../../src/market/index.js'
import { type Check, percent, seeds } from './check.js'
import { stepFound } from './found.js'
import type { SwarmFigures, SwarmTask } from './swarm-run.js'

const steps = 10_000
const strengths = [0, 0.5, 0.7, 1, 1.4] as const
/** Of pooled causes at strength 1, and the most of those at strength 0. */
const leastRecall = 0.5
const mostFalse = 0.01

/** One cell of the curve: a timing, and a strength in √horizon σ of a bar. */
interface Cell {
  readonly timing: Timing
  readonly strength: number
}

const cells: readonly Cell[] = strengths.flatMap(strength => defaultTimings.map(timing => ({ timing, strength })))
const drivers = moats.flatMap(moat => moatStreams[moat].map(stream => `${moat}:${stream}`))

/** Events as in the default market: at 2 % of bars, at 4 % where the effect lasts twelve. */
const rateOf = ({ horizon }: Timing) => (horizon === 12 ? 0.04 : 0.02)

/** The cells of a market: every stream causes one pair to move, and the cells go round from seed to seed. */
function cellsOf(seed: number): Cell[] {
  return drivers.map((_, i) => cells[((seed - 1) * drivers.length + i) % cells.length] as Cell)
}

function causesOf(seed: number): PlantedCause[] {
  return cellsOf(seed).map(({ timing, strength }, i) => ({
    kind: 'sparse',
    driver: drivers[i] as string,
    // Pairs move on by one a round, so that no stream keeps its pair.
    pair: defaultPairs[(i + seed) % defaultPairs.length] as string,
    sign: (i + seed) % 2 === 0 ? 1 : -1,
    rate: rateOf(timing),
    strength: strength * Math.sqrt(timing.horizon),
    ...timing,
    whenCalm: 1,
    with: null,
    response: 'linear',
    halfLife: null,
    drift: null,
    from: 0,
    until: null,
  }))
}

/** Discovery alone: nothing is traded. */
const params = { traders: 0, riskManagers: 0, memories: 0, maxAssets: 0, explorersPerTeam: 0 }
export const recallTask = (seed: number): SwarmTask => ({
  scenario: 'null-market',
  seed,
  steps,
  params,
  causes: causesOf(seed),
})

interface Recall {
  readonly cell: Cell
  readonly planted: number
  readonly found: number
  /** Steps at which they were approved. */
  readonly at: readonly number[]
}

/** The echo of a cause through a neighbouring lag or horizon is the cause found. */
function recalls(runs: readonly SwarmFigures[]): Recall[] {
  return cells.map(cell => {
    const at = runs.flatMap(run => {
      const causes = causesOf(run.seed)
      return cellsOf(run.seed).flatMap((each, i) =>
        each === cell ? [stepFound(run, causes[i] as PlantedCause, 'effect') ?? Number.POSITIVE_INFINITY] : [],
      )
    })
    const found = at.filter(Number.isFinite)
    return { cell, planted: at.length, found: found.length, at: found }
  })
}

/** Causes and finds of all cells of a strength. */
function pooled(of: readonly Recall[], strength: number): { planted: number; found: number } {
  const chosen = of.filter(r => r.cell.strength === strength)
  const total = (field: 'planted' | 'found') => chosen.reduce((sum, r) => sum + r[field], 0)
  return { planted: total('planted'), found: total('found') }
}

export const recallCheck: Check = {
  name: 'recall',
  promise: 'recall is known by horizon, lag and strength',
  measured: `${steps} steps of the default noise with 20 causes each, seeds 1…70: of all causes with events of √h σ of a bar at least ${leastRecall} are approved, of those without effect at most ${mostFalse}`,
  async run(context) {
    const chosen = seeds(context, 70)
    const runs = await context.runs('recall', chosen.map(recallTask))
    const found = recalls(runs)
    const [full, none] = [pooled(found, 1), pooled(found, 0)]
    const share = ({ planted, found }: { planted: number; found: number }) => found / Math.max(1, planted)
    return {
      kept: share(full) >= leastRecall && share(none) <= mostFalse,
      says: `${full.found} of ${full.planted} causes of strength 1 (95 % ${percent(wilson(full.found, full.planted))}), ${none.found} of ${none.planted} of strength 0`,
      figures: {
        byCell: found.map(({ cell, planted, found, at }) => ({
          ...cell.timing,
          strength: cell.strength,
          planted,
          found,
          wilson95: wilson(found, Math.max(1, planted)),
          medianStep: at.length > 0 ? median(at) : null,
        })),
        byStrength: strengths.map(strength => ({ strength, ...pooled(found, strength) })),
      },
      inputs: { seeds: chosen, steps, params },
      page: { name: 'recall.md', text: pageOf(found) },
    }
  },
}

function pageOf(found: readonly Recall[]): string {
  const head = strengths.map(s => `${s}`).join(' | ')
  const rows = defaultTimings.map(timing => {
    const shares = found.filter(r => r.cell.timing === timing).map(shareText)
    return `| ${timing.horizon} | ${timing.lag} | ${rateOf(timing) * 100} % | ${shares.join(' | ')} |`
  })
  return `# Recall: what can be found

Written by \`npm run validate -- --only recall\`. Share of planted causes that were approved within ${steps} steps, with its 95 % interval
(Wilson) and the median step of approval. A cause's strength is the whole effect of one event in √horizon σ of a bar; events come at
the given share of bars. A cause counts as found where an approved pattern names its driver, pair and sign. Strength 0 is the null.

| horizon | lag | events | ${head} |
| --- | --- | --- | ${strengths.map(() => '---').join(' | ')} |
${rows.join('\n')}
`
}

function shareText({ planted, found, at }: Recall): string {
  if (planted === 0) return '–'
  const [low, high] = wilson(found, planted).map(x => Math.round(100 * x))
  const when = at.length > 0 ? `, step ${Math.round(median(at))}` : ''
  return `${Math.round((100 * found) / planted)} % (${low}–${high}${when})`
}
