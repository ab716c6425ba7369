/** What makes the features of trades comparable: mean and standard deviation of each, fitted once on simulated trades and shipped. */

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BrokenInvariant, OperatorError } from '../core/index.js'
import { pastTradeFeatureNames, type TradeVector } from '../trading/index.js'

export interface TradeScale {
  /** The command and the run the figures are from. */
  readonly fittedOn: string
  readonly trades: number
  readonly features: readonly { readonly name: string; readonly mean: number; readonly sd: number }[]
}

/** Standard deviations from the mean beyond which all is one. */
export const mostDeviations = 4

/** The folder of the shipped model, whether this runs from `src/` or `dist/`. */
export function shippedModel(): string {
  const above = ['../..', '../../..'].map(path => fileURLToPath(new URL(`${path}/data/models/trade-sentence/`, import.meta.url)))
  const found = above.find(existsSync)
  if (found === undefined) throw new BrokenInvariant(`no model in ${above.join(' or ')}`)
  return found
}

/** The scale in a model's folder. Throws an `OperatorError` where it is of other features than the program's. */
export function readTradeScale(folder: string = shippedModel()): TradeScale {
  const scale = JSON.parse(readFileSync(`${folder}/features.json`, 'utf8')) as TradeScale
  const got = scale.features.map(({ name }) => name).join(', ')
  if (got === pastTradeFeatureNames.join(', ')) return scale
  throw new OperatorError({
    what: `the features of the model in ${folder}`,
    expected: pastTradeFeatureNames.join(', '),
    got,
    next: 'Fit it again: npm run model -- fit',
  })
}

/** Standard deviations from the mean, within ±4; NaN where the feature is unknown. */
export function deviation({ features }: TradeScale, vector: TradeVector, feature: number): number {
  const { mean, sd } = features[feature] as TradeScale['features'][number]
  const z = sd > 0 ? ((vector[feature] as number) - mean) / sd : 0
  return Number.isFinite(z) ? Math.max(-mostDeviations, Math.min(mostDeviations, z)) : Number.NaN
}
