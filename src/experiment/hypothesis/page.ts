/** The page of results in words a trader understands, with its map and its figures beside it. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { grouped } from '../../core/index.js'
import { writeAtomic } from '../../storage/index.js'
import { isoNow, versions } from '../../world/index.js'
import { interval, studentQuantile } from '../statistics/index.js'
import type { Agreement } from './agreement.js'
import { claimTrades } from './claim.js'
import type { HypothesisResult, MarketResult } from './experiment.js'
import { hypothesisMap } from './map.js'
import { leastWindows } from './real-windows.js'
import { bp, finding, percent, verdictOf, withInterval } from './words.js'

/** Writes hypothesis.md, hypothesis-map.svg and hypothesis.json; returns the page's path. `command`: what makes the same again. */
export function writeHypothesis(folder: string, result: HypothesisResult, command: string): string {
  mkdirSync(folder, { recursive: true })
  const page = join(folder, 'hypothesis.md')
  const origin = { command, date: isoNow().slice(0, 10), versions: versions() }
  writeAtomic(join(folder, 'hypothesis.json'), `${JSON.stringify({ says: finding(result), ...origin, ...result }, null, 2)}\n`)
  writeAtomic(join(folder, 'hypothesis-map.svg'), hypothesisMap(result))
  writeAtomic(page, pageOf(result, origin))
  return page
}

function pageOf(result: HypothesisResult, { command, date }: { command: string; date: string }): string {
  const corners = result.map.filter(({ why }) => why !== undefined)
  return `# Is a collision worth more than either signal?

Written by \`${command}\` on ${date}; runs by commit ${result.commits.join(', ')}. All figures: [hypothesis.json](hypothesis.json).

> ${finding(result)}

${tendency(result.map)}

Two advisers look at the same market. One reads the chart (technical analysis), the other has learnt what outside events move a price
(the swarm). Now and then both say the same of one pair: a *collision*. **The claim: a trade on a collision earns more than a trade on
either adviser alone.**

Trading less is no merit, so every collision is compared with as many trades of the other portfolio, in the same pair and direction,
on which the advisers did *not* agree; those of technical analysis are held as long as the collision was. All returns are after fees,
spread and slippage, in basis points (bp) of what was invested. The claim *holds* in a market where both differences are above 0, each
at one-sided 5 %, over the seeds in which at least ${claimTrades} trades were made on collisions. A seed, not a trade, is the unit of chance.
Where it *does not hold*, these runs do not show it; the intervals say what may still be there.

## The map

The default market has three parts that can be made weaker, down to 0, or stronger: *technical* structure (every third pair drifts for
days), *causes* (outside events that move a pair, whatever the chart says) and their *interaction* (events that act only with the
trend). 1 is the market as it ships.

![Where the claim holds](hypothesis-map.svg)

${mapTable(result.map)}

## Three corners, named before the first run

${corners.map(corner => `- **${heading(corner)}** ${corner.why}. ${inWords(corner)}`).join('\n')}

## What the theory says

Two advisers who err independently of each other, one right with chance p₁ and the other with p₂, are right with chance
p₁p₂ / (p₁p₂ + (1 − p₁)(1 − p₂)) when they agree. p₁ is measured over *every* standing technical view, at the horizon of the swarm's
ideas about that pair; p₂ over all ideas of the swarm. ${theoryInWords(result.map)}

${theoryTable(result.map)}

A share of right directions is not a return: a trade that agrees with the trend may be right as often and move further, or enter later
and have less left to earn.

## With halts

Above, the risk manager never halts. Here it may, as it does by default; the first ${result.halted[0]?.seeds ?? 0} seeds of the named corners.

${haltsTable(result.halted)}

## Where there is nothing to find

In the null market, and at the map's origin, nobody can know anything, and the swarm trades a fixed list of random hypotheses. Agreement
must mean nothing there. Each seed is ranked among 200 thinnings of its own; ranks that are not even between 0 and 1 would show a fault
of the comparison itself (Kolmogorov and Smirnov, p > .01 expected).

${ranksTable([result.null, ...result.map.filter(isOrigin)])}

## Real candles

${realInWords(result)}

## How it is measured

- ${result.map.length} markets, all with the same seeds from 1 on; the named corners have the most. A run lasts ${lengthsOf(result.map)} hourly bars, the
  shorter where hypotheses are forced; what the swarm knows, it has found in the run itself.
- Means are ratios of sums over seeds, their errors those of a ratio estimator; differences are paired by seed. Intervals are 95 %.
- The mean over all thinnings is computed in closed form. For a seed's rank a thinning exchanges, week by week at the toss of a coin, the
  trades that agreed and those that did not: trades of one week rise and fall together, so that thinnings trade by trade spread too little.
- Many markets are judged: at 5 % each, one in twenty without any effect would pass one of the two tests by chance.
- Where the swarm has no causes to find (causes 0, interaction 0), it trades random hypotheses: there the claim cannot hold by its merit.
`
}

function heading({ strengths }: MarketResult): string {
  if (strengths === null) return 'The null market:'
  const { technical, causes, interaction } = strengths
  return `Technical ${technical}, causes ${causes}, interaction ${interaction}:`
}

function inWords({ claim, net, tradesPerRun, seeds }: MarketResult): string {
  const counted = `${claim.enough} of ${seeds} seeds count, with ${(claim.trades / Math.max(1, claim.enough)).toFixed(0)} such trades each`
  return `The claim **${verdictOf(claim)}**: a collision earned ${withInterval(claim.overMycelial)} bp more than the swarm's other trades, and ${withInterval(claim.overBaseline)} bp more than technical ones. Net a trade: collisions ${withInterval(net.synthesized)}, swarm ${withInterval(net.mycelial)}, technical ${withInterval(net.baseline)} (${tradesPerRun.synthesized.toFixed(0)}, ${tradesPerRun.mycelial.toFixed(0)} and ${tradesPerRun.baseline.toFixed(0)} trades a run; ${counted}).`
}

/** What agreement added to the swarm's own ideas, by whether causes act with the trend alone. */
function tendency(map: readonly MarketResult[]): string {
  const differences = (kept: (causes: number, interaction: number) => boolean) =>
    map.flatMap(({ strengths, claim }) =>
      strengths !== null && kept(strengths.causes, strengths.interaction) && Number.isFinite(claim.overMycelial.mean)
        ? [claim.overMycelial.mean]
        : [],
    )
  const range = (means: readonly number[]) =>
    means.length === 0 ? 'nothing known' : `${bp(Math.min(...means))} to ${bp(Math.max(...means))} bp`
  const apart = differences((causes, interaction) => causes > 0 && interaction === 0)
  const mixed = differences((causes, interaction) => causes > 0 && interaction > 0)
  const together = differences((causes, interaction) => causes === 0 && interaction > 0)
  return `What agreement with the chart added to a trade of the swarm: ${range(apart)} where events act whatever the trend, ${range(mixed)} where some of them act only with it, ${range(together)} where all do.`
}

/** `10,000 or 2,000`. */
function lengthsOf(map: readonly MarketResult[]): string {
  return [...new Set(map.map(({ steps }) => steps))]
    .sort((a, b) => b - a)
    .map(steps => grouped(steps))
    .join(' or ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

function strengthsOf({ strengths }: MarketResult): string[] {
  if (strengths === null) return ['null market', '', '']
  return [strengths.technical, strengths.causes, strengths.interaction].map(String)
}

function mapTable(map: readonly MarketResult[]): string {
  return table(
    ['technical', 'causes', 'interaction', 'seeds', 'trades a run', 'over the swarm, bp', 'over technical, bp', 'the claim'],
    map.map(market => [
      ...strengthsOf(market),
      `${market.claim.enough} of ${market.seeds}`,
      market.tradesPerRun.synthesized.toFixed(0),
      withInterval(market.claim.overMycelial),
      withInterval(market.claim.overBaseline),
      verdictOf(market.claim),
    ]),
  )
}

function theoryTable(map: readonly MarketResult[]): string {
  const known = map.flatMap(market => (market.agreement === null ? [] : [{ market, agreement: market.agreement }]))
  return table(
    [
      'technical',
      'causes',
      'interaction',
      'technical right',
      'swarm right',
      'both, theory',
      'both, measured',
      'measured − theory',
    ],
    known.map(({ market, agreement }) => [
      ...strengthsOf(market),
      percent(agreement.technical),
      percent(agreement.mycelial),
      percent(agreement.theory),
      percent(agreement.measured),
      gapOf(agreement),
    ]),
  )
}

/** In percentage points, with its 95 % interval. */
function gapOf({ measured, theory, error, n }: Agreement): string {
  const points = (share: number) => (100 * share).toFixed(1)
  const mean = measured - theory
  const [low, high] = interval({ n, mean, error, t: mean / error })
  return `${points(mean)} (${points(low)} to ${points(high)})`
}

function theoryInWords(map: readonly MarketResult[]): string {
  const found = map.flatMap(({ agreement }) => (agreement === null ? [] : [agreement]))
  const gap = ({ measured, theory }: Agreement) => measured - theory
  const beyond = found.filter(agreement => Math.abs(gap(agreement)) > studentQuantile(0.975, agreement.n - 1) * agreement.error)
  const above = beyond.filter(agreement => gap(agreement) > 0).length
  return `In ${found.length - beyond.length} of ${found.length} markets collisions were right as often as that says, within the error; in ${above} more often, in ${beyond.length - above} less.`
}

function haltsTable(halted: readonly MarketResult[]): string {
  return table(
    ['technical', 'causes', 'interaction', 'bars halted', 'over the swarm, bp', 'over technical, bp', 'the claim'],
    halted.map(market => [
      ...strengthsOf(market),
      percent(market.shareHalted),
      withInterval(market.claim.overMycelial),
      withInterval(market.claim.overBaseline),
      verdictOf(market.claim),
    ]),
  )
}

function isOrigin({ strengths, edgeless }: MarketResult): boolean {
  return strengths !== null && edgeless === true
}

function ranksTable(markets: readonly MarketResult[]): string {
  return table(
    ['market', 'against', 'seeds', 'largest distance', 'p', 'difference, bp'],
    markets.flatMap(({ strengths, ranks, claim }) => {
      const name = strengths === null ? 'the null market' : 'the map’s origin'
      return [
        [
          name,
          'the swarm',
          String(ranks.mycelial.n),
          ranks.mycelial.distance.toFixed(3),
          ranks.mycelial.p.toFixed(3),
          withInterval(claim.overMycelial),
        ],
        [
          name,
          'technical',
          String(ranks.baseline.n),
          ranks.baseline.distance.toFixed(3),
          ranks.baseline.p.toFixed(3),
          withInterval(claim.overBaseline),
        ],
      ]
    }),
  )
}

function realInWords({ real }: HypothesisResult): string {
  if (real === null) return 'None were given (option `market`).'
  const { windows, windowBars, qualify, claim } = real
  const trades = windows.map(window => `${window.from}: ${window.trades}`).join(', ')
  const seen = `Of ${windows.length} windows of ${grouped(windowBars)} hourly bars ${qualify} have at least ${claimTrades} trades on collisions (${trades}).`
  if (claim === null)
    return `${seen} ${leastWindows} such windows are needed: the claim cannot be judged on real prices. The moat streams of these windows are noise, because real ones were not recorded: the swarm rightly finds next to nothing in them.`
  return `${seen} In them the claim ${verdictOf(claim)}: ${withInterval(claim.overMycelial)} bp over the swarm, ${withInterval(claim.overBaseline)} bp over technical trades.`
}
