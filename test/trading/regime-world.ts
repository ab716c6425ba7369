/** Made hourly markets whose regime is known, and the filter that knows their law: what no detector can better. */

import { rootOf, Stream } from '../../src/core/index.js'
import { filterNext, type Hmm, type MarketRegime, type Seen } from '../../src/trading/index.js'

export const regimeNames: readonly MarketRegime[] = ['bear', 'sideways', 'bull']

/** Hourly: a fall is wilder than a rise, and a regime lasts some six days. */
export const hourlyLaw: Hmm = {
  start: [1 / 3, 1 / 3, 1 / 3],
  moves: [
    [0.993, 0.004, 0.003],
    [0.0035, 0.993, 0.0035],
    [0.003, 0.004, 0.993],
  ],
  states: [
    { x: { mean: -0.0035, variance: 0.011 ** 2 }, y: { mean: -4.55, variance: 0.6 ** 2 } },
    { x: { mean: 0, variance: 0.006 ** 2 }, y: { mean: -5.2, variance: 0.6 ** 2 } },
    { x: { mean: 0.003, variance: 0.008 ** 2 }, y: { mean: -4.85, variance: 0.6 ** 2 } },
  ],
}

export interface MadeBar {
  readonly seen: Seen
  readonly truth: MarketRegime
}

/** Bars of a market that obeys a law. */
export function madeBars(law: Hmm, seed: number, bars: number): MadeBar[] {
  const rng = new Stream(rootOf(seed), 'regimes')
  let state = drawn(law.start, rng.float())
  return Array.from({ length: bars }, () => {
    const { x, y } = law.states[state] ?? { x: { mean: 0, variance: 1 }, y: { mean: 0, variance: 1 } }
    const seen = { x: rng.normal(x.mean, Math.sqrt(x.variance)), y: rng.normal(y.mean, Math.sqrt(y.variance)) }
    const truth = regimeNames[state] ?? 'unknown'
    state = drawn(law.moves[state] ?? [], rng.float())
    return { seen, truth }
  })
}

function drawn(chances: readonly number[], u: number): number {
  let sum = 0
  for (const [i, p] of chances.entries()) {
    sum += p
    if (u < sum) return i
  }
  return chances.length - 1
}

/** The likeliest state bar by bar, for one that knows the law. */
export function knownRegimes(law: Hmm, bars: readonly MadeBar[]): MarketRegime[] {
  let posterior: number[] | null = null
  return bars.map(({ seen }) => {
    posterior = filterNext(law, posterior, seen).posterior
    return regimeNames[posterior.indexOf(Math.max(...posterior))] ?? 'unknown'
  })
}

/** Share of bars whose regime was named right. */
export function accuracyOf(named: readonly MarketRegime[], bars: readonly MadeBar[], from = 0): number {
  let right = 0
  for (let i = from; i < bars.length; i++) if (named[i] === bars[i]?.truth) right++
  return right / (bars.length - from)
}

/** The rule of the first systems, for comparison: a day's return beyond ±`threshold`. */
export function regimeByThreshold(dayReturn: number, threshold = 0.01): MarketRegime {
  if (Number.isNaN(dayReturn)) return 'unknown'
  return dayReturn > threshold ? 'bull' : dayReturn < -threshold ? 'bear' : 'sideways'
}
