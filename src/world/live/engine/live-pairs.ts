/** The default pairs of a live run: the model's, but for one that Kraken has delisted. */

import { defaultPairs } from '../../../market/index.js'

/** Simulated runs keep the names, because their digests depend on them. */
const replaced: Readonly<Record<string, string>> = { EOSUSD: 'XRPUSD' }

export const livePairs: readonly string[] = defaultPairs.map(pair => replaced[pair] ?? pair)

/** The live pairs where a run has the model's default ones; undefined where its scenario or the operator chose others, or needs one of them. */
export function livePairsFor(params: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const { pairs, forcedHypotheses = [] } = params
  const isDefault =
    Array.isArray(pairs) && pairs.length === defaultPairs.length && defaultPairs.every((pair, i) => pairs[i] === pair)
  const isNeeded = Object.keys(replaced).some(pair => JSON.stringify(forcedHypotheses).includes(`|${pair}|`))
  return isDefault && !isNeeded ? livePairs : undefined
}
