/** Figures of the experiment in words: the terminal, the page and the map say the same. */

import { type Estimate, interval } from '../statistics/index.js'
import type { Claim } from './claim.js'
import type { HypothesisResult, MarketResult } from './experiment.js'
import { namedSeeds } from './markets.js'

/** A share in basis points. */
export function bp(x: number): string {
  return Number.isFinite(x) ? (x * 1e4).toFixed(1) : '–'
}

/** `31.1 (27.0 to 35.3)`: basis points with the 95 % interval. */
export function withInterval(estimate: Estimate): string {
  if (!Number.isFinite(estimate.mean) || !Number.isFinite(estimate.error)) return '–'
  const [low, high] = interval(estimate)
  return `${bp(estimate.mean)} (${bp(low)} to ${bp(high)})`
}

export function verdictOf({ holds }: Claim): string {
  return holds === null ? 'cannot be judged' : holds ? 'holds' : 'does not hold'
}

/** Shares in percent. */
export function percent(x: number, digits = 1): string {
  return `${(100 * x).toFixed(digits)} %`
}

/** What was found, for or against, in one or two sentences. */
export function finding({ map, quick, seeds }: HypothesisResult): string {
  const judged = map.filter(({ claim }) => claim.holds !== null)
  const held = judged.filter(({ claim }) => claim.holds === true)
  const named = map.filter(({ why }) => why !== undefined)
  const corners = named.map(market => `${verdictOf(market.claim)} ${whereOf(market)}`)
  const fewer =
    seeds === null ? '' : ` At most ${seeds} seeds a market, where the corners named beforehand should have ${namedSeeds}.`
  const small = quick ? ' A quick run: it shows that the experiment works, and proves nothing.' : fewer
  return `The claim ${listed(corners)}. Of ${judged.length} markets of the map it holds in ${held.length}.${small}`
}

/** The named corners by what they are. */
function whereOf({ strengths }: MarketResult): string {
  if (strengths === null) return 'where nothing can be predicted'
  const { technical, interaction } = strengths
  if (technical === 0) return 'where technical analysis has no edge'
  return interaction === 0 ? 'where both signals have an edge and act apart' : 'in the default market'
}

function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** For the terminal: what was found, and a line a market. */
export function hypothesisSentences(result: HypothesisResult): string[] {
  const line = ({ name, claim }: MarketResult) =>
    `  ${name}: ${verdictOf(claim)}; ${withInterval(claim.overMycelial)} bp over the swarm, ${withInterval(claim.overBaseline)} bp over technical trades (${claim.enough} seeds)`
  return [finding(result), ...[...result.map, ...result.halted, result.null].map(line)]
}
