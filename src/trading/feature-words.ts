/** The features of past trades in words, and why two trades are near. */

import { figureText } from './figure-words.js'
import { pastTradeFeatureNames } from './past-trade.js'
import type { PrincipalAxis } from './principal-plane.js'

export type PastTradeFeature = (typeof pastTradeFeatureNames)[number]

/** What has a sign counts in the direction of the trade. */
export const featureWords: Readonly<Record<PastTradeFeature, string>> = {
  rsi: 'RSI',
  macd: 'MACD',
  bollinger: 'Bollinger band',
  atr: 'true range',
  volume: 'volume',
  regime: 'regime',
  prediction: 'predicted return',
  crossMoat: 'moats',
  direction: 'direction',
  trend: 'trend',
}

/** The features that add most to a distance, the largest part first: `RSI 0.12, trend 0.03 and the others 0.01`. */
export function partsText(parts: Float64Array, named = 3): string {
  const order = largestFirst(parts).filter(d => (parts[d] as number) > 0)
  if (order.length === 0) return 'all features that both know are the same'
  const shown = order.slice(0, named).map(d => `${wordOf(d)} ${figureText(parts[d] as number, 'number', 3)}`)
  const rest = order.slice(named).reduce((sum, d) => sum + (parts[d] as number), 0)
  if (order.length <= named) return shown.join(', ')
  return `${shown.join(', ')} and the others ${figureText(rest, 'number', 3)}`
}

/** An axis by its three largest loadings: `RSI +0.61, MACD +0.55, trend −0.40`. */
export function axisText({ loadings }: PrincipalAxis): string {
  const order = largestFirst(loadings).filter(d => Math.abs(loadings[d] as number) > 0.1)
  if (order.length === 0) return 'no feature varies'
  return order
    .slice(0, 3)
    .map(d => `${wordOf(d)} ${(loadings[d] as number) < 0 ? '−' : '+'}${Math.abs(loadings[d] as number).toFixed(2)}`)
    .join(', ')
}

function largestFirst(values: Float64Array): number[] {
  return Array.from(values.keys()).sort((a, b) => Math.abs(values[b] as number) - Math.abs(values[a] as number) || a - b)
}

function wordOf(d: number): string {
  return featureWords[pastTradeFeatureNames[d] as PastTradeFeature]
}
