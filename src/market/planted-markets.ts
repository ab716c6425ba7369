/** The planted markets that ship: what is hidden in them, as plain data that scenarios share and results are judged by. */

import { OperatorError } from '../core/index.js'
import type { PlantedCause } from './planted.js'
import { type SyntheticOptions, synthetic } from './synthetic-options.js'

type Sparse = Pick<PlantedCause, 'driver' | 'pair' | 'lag' | 'horizon' | 'sign'>

/** Fourteen causes on as many streams and pairs, lags 0 to 2, over one bar or four. */
const hidden: readonly Sparse[] = [
  { driver: 'code:Rust', pair: 'SOLUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'code:Solidity', pair: 'XETHZUSD', lag: 1, horizon: 1, sign: 1 },
  { driver: 'code:Python', pair: 'NEARUSD', lag: 0, horizon: 4, sign: 1 },
  { driver: 'code:Go', pair: 'FILUSD', lag: 2, horizon: 1, sign: -1 },
  { driver: 'logistics:US-West', pair: 'LINKUSD', lag: 0, horizon: 1, sign: -1 },
  { driver: 'logistics:Asia', pair: 'TRXUSD', lag: 1, horizon: 1, sign: -1 },
  { driver: 'logistics:Gulf', pair: 'XLMUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'government:US-Treasury', pair: 'XXBTZUSD', lag: 0, horizon: 1, sign: -1 },
  { driver: 'government:EU', pair: 'ADAUSD', lag: 1, horizon: 1, sign: -1 },
  { driver: 'government:UK', pair: 'AAVEUSD', lag: 0, horizon: 4, sign: -1 },
  { driver: 'corporations:Tech', pair: 'DOTUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'corporations:Finance', pair: 'UNIUSD', lag: 2, horizon: 1, sign: 1 },
  { driver: 'corporations:Retail', pair: 'DOGEUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'corporations:Energy', pair: 'ATOMUSD', lag: 1, horizon: 1, sign: 1 },
]

/** Events at 2 % of bars, each of one bar-σ: what pays even at Kraken's costs once it is found. */
export function sparseMarket(options: SyntheticOptions = {}): ReturnType<typeof synthetic> {
  const causes = hidden.map(cause => ({ kind: 'sparse' as const, strength: 1, rate: 0.02, ...cause }))
  return synthetic({ hourlyVolatility: 0.015, causes, ...options })
}

/** One white driver explains 2 % of one pair's variance: what discovery is measured on. */
export const denseCause = {
  kind: 'dense',
  driver: 'code:Rust',
  pair: 'ADAUSD',
  lag: 1,
  horizon: 1,
  sign: 1,
  strength: 0.02,
} as const

/** A market in which that one dense cause moves its pair at every bar, and nothing else is planted. */
export function denseMarket(options: SyntheticOptions = {}): ReturnType<typeof synthetic> {
  return synthetic({ causes: [denseCause], ...options })
}

type Listed = Partial<PlantedCause> & Pick<PlantedCause, 'driver' | 'pair'>

const sparse = (strength: number, rate: number, cause: Listed) => ({ kind: 'sparse' as const, strength, rate, ...cause })
/** One bar-σ over the next bar, whatever the trend. */
const plain = (cause: Listed) => sparse(1, 0.02, cause)
/** Two bar-σ over the next bar, only where the effect has the direction of the trend. */
const withTrend = (cause: Listed) => sparse(2, 0.02, { with: 'trend', ...cause })
/** √h bar-σ over four bars, and over twelve with events twice as often. */
const overFour = (cause: Listed) => sparse(2, 0.02, { horizon: 4, ...cause })
const overTwelve = (cause: Listed) => sparse(3.46, 0.04, { horizon: 12, ...cause })

/** The causes of the default market: twenty, of which seven act only with the trend. */
const openQuestion = [
  plain({ driver: 'code:Go', pair: 'FILUSD', lag: 2, sign: -1 }),
  plain({ driver: 'logistics:Asia', pair: 'TRXUSD', lag: 1, sign: -1 }),
  plain({ driver: 'government:EU', pair: 'ADAUSD', lag: 1, sign: -1 }),
  withTrend({ driver: 'code:Rust', pair: 'SOLUSD' }),
  withTrend({ driver: 'code:Solidity', pair: 'XETHZUSD', lag: 1 }),
  withTrend({ driver: 'logistics:US-West', pair: 'LINKUSD', sign: -1 }),
  withTrend({ driver: 'government:US-Treasury', pair: 'XXBTZUSD', sign: -1 }),
  withTrend({ driver: 'corporations:Tech', pair: 'DOTUSD' }),
  withTrend({ driver: 'corporations:Finance', pair: 'UNIUSD', lag: 2 }),
  withTrend({ driver: 'corporations:Retail', pair: 'DOGEUSD' }),
  overFour({ driver: 'code:Python', pair: 'NEARUSD' }),
  overFour({ driver: 'government:UK', pair: 'AAVEUSD', sign: -1 }),
  overTwelve({ driver: 'corporations:Energy', pair: 'ATOMUSD' }),
  overTwelve({ driver: 'government:US-Federal', pair: 'ALGOUSD', sign: -1 }),
  overTwelve({ driver: 'logistics:Gulf', pair: 'XTZUSD' }),
  // Beside code:Rust and code:Python, whose events these two streams often share: two moats behind one idea.
  plain({ driver: 'corporations:Industry', pair: 'SOLUSD' }),
  overFour({ driver: 'government:Asia', pair: 'NEARUSD' }),
  // One that decays and must be retired, one whose lag drifts, one that is not linear. The last two need not be found.
  sparse(3, 0.02, { driver: 'code:TypeScript', pair: 'EOSUSD', halfLife: 1_500 }),
  plain({ driver: 'government:EU', pair: 'MATICUSD', drift: { everyBars: 3_000, most: 2 } }),
  plain({ driver: 'code:Go', pair: 'XLMUSD', response: 'even' }),
]

/** Every third pair drifts for days: what a technical view can use. */
const persistence = {
  share: 0.002,
  halfLife: 48,
  pairs: ['XXBTZUSD', 'XETHZUSD', 'DOTUSD', 'AAVEUSD', 'ATOMUSD', 'TRXUSD'],
}

/**
 * The default market, in which the question is open: causes over 1, 4 and 12 bars, some only with the trend, some of two moats
 * on one pair, one that ends; persistence in a third of the pairs; two streams that are placebo. Throws OperatorError on a
 * negative factor.
 * @param options the market's options, and how strong each part is: factors from 0, where the part is not planted; 1 is as it
 * ships. `strength` is on the effects of the causes that act whatever the trend, `trendStrength` on those of the causes that act
 * only with it, `persistenceStrength` on the share of variance that the lasting drifts hold.
 */
export function defaultMarket(
  options: SyntheticOptions & {
    readonly strength?: number
    readonly trendStrength?: number
    readonly persistenceStrength?: number
  } = {},
): ReturnType<typeof synthetic> {
  const { strength = 1, trendStrength = 1, persistenceStrength = 1, ...rest } = options
  for (const [name, factor] of Object.entries({ strength, trendStrength, persistenceStrength })) checkFactor(name, factor)
  const events = { kind: 'events' as const, rate: 0.02 }
  const streams = {
    'code:Rust': events,
    'code:Python': events,
    'corporations:Industry': { ...events, follows: 'code:Rust', share: 0.6 },
    'government:Asia': { ...events, follows: 'code:Python', share: 0.6 },
  }
  const causes = openQuestion.map(cause => ({
    ...cause,
    strength: cause.strength * (cause.with === 'trend' ? trendStrength : strength),
  }))
  const drifts = { ...persistence, share: persistence.share * persistenceStrength }
  return synthetic({ hourlyVolatility: 0.015, streams, causes, persistence: drifts, ...rest })
}

function checkFactor(name: string, factor: number): void {
  if (factor >= 0 && Number.isFinite(factor)) return
  throw new OperatorError({
    what: `"${name}" of the default market`,
    expected: 'a factor of 0 or more',
    got: factor,
    next: 'Give 0 to plant nothing, 1 for the market as it ships.',
  })
}
