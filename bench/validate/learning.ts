/**
 * Whether memory makes the swarm's trades better: the same markets with it, without it, and with one whose answers are about other
 * trades. Where there is nothing to learn it must not harm.
 */

import { normalOfT, normalTail } from '../../src/discovery/index.js'
import { forcedHypotheses } from '../../src/experiment/index.js'
import { type Estimate, interval, type Part, ratioDifference, ratioEstimate } from '../../src/experiment/statistics/index.js'
import { bp, type Check, type CheckContext, seeds } from './check.js'
import type { MemoryKind, ScenarioName, SwarmFigures } from './swarm-run.js'

const steps = 10_000
const seedCount = 60
const firstSeed = 201
/** What memory may cost at most where there is nothing to learn, as a share of notional. */
const harmBound = -5e-4

interface Market {
  readonly name: string
  readonly scenario: ScenarioName
  readonly params: Readonly<Record<string, unknown>>
  /** Whether there is something to learn. */
  readonly learnable: boolean
}

const markets: readonly Market[] = [
  { name: 'planted-regime', scenario: 'planted-regime', params: {}, learnable: true },
  { name: 'trifecta', scenario: 'trifecta', params: {}, learnable: true },
  {
    name: 'the null, hypotheses forced',
    scenario: 'null-market',
    params: { forcedHypotheses: forcedHypotheses() },
    learnable: false,
  },
]

interface Compared {
  readonly market: string
  readonly learnable: boolean
  /** Σ net P&L ÷ Σ notional of mycelial trades. */
  readonly on: Estimate
  readonly off: Estimate
  readonly shuffled: Estimate
  readonly trades: { readonly on: number; readonly off: number; readonly shuffled: number }
  /** Paired by seed. */
  readonly onLessOff: Tested
  readonly onLessShuffled: Tested
}

/** A difference, its 95 % interval, and the one-sided p of one at least as large by chance. */
interface Tested extends Estimate {
  readonly interval: readonly [number, number]
  readonly p: number
}

export const learningCheck: Check = {
  name: 'learning',
  promise: 'memory makes better trades',
  measured: `planted-regime, trifecta and the null with a fixed list of forced hypotheses, seeds ${firstSeed}…${firstSeed + seedCount - 1} × ${steps} steps, paired: Σ net P&L ÷ Σ notional of mycelial trades with memory is above that without and above that with a memory of other trades (one-sided p < .05 each); on the null the lower 95 % bound of with less without is above ${bp(harmBound)}`,
  async run(context) {
    const compared: Compared[] = []
    for (const market of markets) compared.push(await compare(context, market))
    return {
      kept: compared.every(isKept),
      says: compared.map(saidOf).join('; '),
      figures: { markets: compared },
      inputs: { seeds: seeds(context, seedCount, firstSeed), steps, harmBound },
      page: { name: 'learning.md', text: page(compared) },
    }
  },
}

function isKept({ learnable, onLessOff, onLessShuffled }: Compared): boolean {
  return learnable ? onLessOff.p < 0.05 && onLessShuffled.p < 0.05 : onLessOff.interval[0] > harmBound
}

async function compare(context: CheckContext, { name, scenario, params, learnable }: Market): Promise<Compared> {
  const runs = (memory: MemoryKind) =>
    context.runs(
      `learning, ${name}, memory ${memory}`,
      seeds(context, seedCount, firstSeed).map(seed => ({ scenario, seed, steps, params: { ...params }, memory })),
    )
  const [on, off, shuffled] = [await runs('on'), await runs('off'), await runs('shuffled')]
  const trades = (of: readonly SwarmFigures[]) => of.reduce((sum, run) => sum + run.portfolios.mycelial.trades, 0)
  return {
    market: name,
    learnable,
    on: ratioEstimate(parts(on)),
    off: ratioEstimate(parts(off)),
    shuffled: ratioEstimate(parts(shuffled)),
    trades: { on: trades(on), off: trades(off), shuffled: trades(shuffled) },
    onLessOff: tested(ratioDifference(parts(on), parts(off))),
    onLessShuffled: tested(ratioDifference(parts(on), parts(shuffled))),
  }
}

function parts(runs: readonly SwarmFigures[]): Part[] {
  return runs.map(({ portfolios: { mycelial } }) => ({ sum: mycelial.pnlUsd, count: mycelial.notionalUsd }))
}

function tested(difference: Estimate): Tested {
  return { ...difference, interval: interval(difference), p: normalTail(normalOfT(difference.t, difference.n - 1)) }
}

function saidOf({ market, onLessOff, onLessShuffled }: Compared): string {
  return `${market}: ${bp(onLessOff.mean)} over none (p ${pOf(onLessOff)}), ${bp(onLessShuffled.mean)} over a shuffled one (p ${pOf(onLessShuffled)})`
}

function page(compared: readonly Compared[]): string {
  return `# Whether memory makes better trades

Σ net P&L ÷ Σ notional of the mycelial portfolio's trades, ${seedCount} seeds (${firstSeed}…${firstSeed + seedCount - 1}) of ${steps} steps, paired by seed. *Shuffled* is a memory
whose answers are about other trades, drawn at random from those that were over: it has the same number of cases and the same record of wins in
the long run, and no likeness. On the null market the hypotheses are forced, so that there are trades and nothing to learn from them.

| market | with memory | without | shuffled | with − without (95 %) | p | with − shuffled (95 %) | p | trades with, without, shuffled |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${compared.map(row).join('\n')}
`
}

function row({ market, on, off, shuffled, onLessOff, onLessShuffled, trades }: Compared): string {
  const means = [on, off, shuffled].map(({ mean }) => bp(mean))
  const counts = `${trades.on}, ${trades.off}, ${trades.shuffled}`
  const cells = [
    market,
    ...means,
    withInterval(onLessOff),
    pOf(onLessOff),
    withInterval(onLessShuffled),
    pOf(onLessShuffled),
    counts,
  ]
  return `| ${cells.join(' | ')} |`
}

function withInterval({ mean, interval: [low, high] }: Tested): string {
  return `${bp(mean)} (${bp(low)} to ${bp(high)})`
}

function pOf({ p }: Tested): string {
  return p < 0.0001 ? '< .0001' : p.toFixed(4).replace(/^0/, '')
}
