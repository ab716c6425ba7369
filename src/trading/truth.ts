/** What is true of a pattern: a synthetic market says what it planted, and so which discoveries are right. */

import { leadingPairs, ownReturnDriver } from '../market/index.js'

/** Judged by what was planted; `unknown` on real markets. */
export type Truth = 'planted' | 'echo' | 'placebo' | 'not planted' | 'unknown'

/** In words, and why. */
export const truthWords: Readonly<Record<Truth, { readonly says: string; readonly why: string }>> = {
  planted: { says: 'planted cause', why: 'driver, pair, lag and sign are those of a planted cause' },
  echo: {
    says: 'echo',
    why: 'a planted cause or drift, seen through another lag or transform, or in the own return of the pair it moves',
  },
  placebo: { says: 'false discovery', why: 'its driver is placebo noise' },
  'not planted': { says: 'not planted', why: 'nothing was planted in this driver and pair' },
  unknown: { says: 'real data', why: 'the true causes of a real market are not known' },
}

/** A planted cause as its market describes it. */
export interface Cause {
  readonly driver: string
  readonly pair: string
  readonly lag: number
  readonly horizon: number
  readonly sign: number
  readonly kind: string
  readonly strength: number
}

/** What a market planted. */
export interface Planted {
  readonly causes: readonly Cause[]
  /** The pairs in which returns follow returns, because a drift was planted that lasts. */
  readonly drifting: ReadonlySet<string>
}

/** The parts of a pattern's name. */
export interface PatternParts {
  readonly driver: string
  readonly transform: string
  readonly lag: number
  readonly pair: string
  readonly horizon: number
}

/** `driver|transform|lag|pair|horizon`. */
export function patternParts(pattern: string): PatternParts {
  const [driver = '', transform = '', lag = '', pair = '', horizon = ''] = pattern.split('|')
  return { driver, transform, lag: Number(lag), pair, horizon: Number(horizon) }
}

/** What a market's description says of it; null where it says nothing, as that of real candles. */
export function plantedIn(market: Readonly<Record<string, unknown>> | null | undefined): Planted | null {
  const planted = market?.planted
  if (!Array.isArray(planted)) return null
  const causes = planted.map(({ driver, pair, lag, horizon, sign, kind, strength }: Cause) => ({
    driver: String(driver),
    pair: String(pair),
    lag: Number(lag),
    horizon: Number(horizon),
    sign: Number(sign),
    kind: String(kind),
    strength: Number(strength),
  }))
  const drifts = market?.persistence
  const drifting = new Set(Array.isArray(drifts) ? drifts.map(({ pair }: { pair: unknown }) => String(pair)) : [])
  return { causes, drifting }
}

type Found = Omit<PatternParts, 'horizon'> & { readonly sign: number }

/**
 * An echo has the driver and the pair of a cause, seen through another lag or transform; or it is a pair's own return, where a
 * cause over several bars or a planted drift makes returns follow returns.
 */
export function truthOf(found: Found, placebo: boolean, planted: Planted | null): Truth {
  if (placebo) return 'placebo'
  if (planted === null) return 'unknown'
  const { causes, drifting } = planted
  if (causes.some(cause => isCause(cause, found))) return 'planted'
  const ownReturn = isOwnReturn(found)
  const echoes = ({ driver, pair, horizon }: Cause) =>
    pair === found.pair && (driver === found.driver || (ownReturn && horizon > 1))
  return causes.some(echoes) || (ownReturn && drifting.has(found.pair)) ? 'echo' : 'not planted'
}

/** Whether the pattern is the cause itself. */
export function isCause({ driver, pair, lag, sign }: Cause, found: Found): boolean {
  return driver === found.driver && pair === found.pair && lag === found.lag && sign === found.sign && found.transform === 'level'
}

/** Under its own name, or as the leader of the market that the pair itself is. */
function isOwnReturn({ driver, pair }: Found): boolean {
  return driver === ownReturnDriver || leadingPairs[driver] === pair
}
