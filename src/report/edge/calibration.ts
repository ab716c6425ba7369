/** Predicted against realised: trades in groups of rising prediction, and the slope between the two. */

import type { Trade } from '../trade.js'
import { type Mean, meanOf } from './mean.js'

/** Groups at most, and trades a group must hold. */
const mostGroups = 10
const leastTrades = 20

export interface Calibration {
  readonly trades: number
  /** Groups of equal size, by rising prediction. */
  readonly groups: { readonly predicted: number; readonly realised: Mean }[]
  /** Least squares of realised on predicted; 1 is perfect, below 1 predictions are too bold. Null where predictions do not differ. */
  readonly slope: number | null
  readonly slopeError: number | null
  readonly meanPredicted: number
  readonly meanRealised: number
}

/** The calibration of the mycelial portfolio's predictions, gross of costs; undefined below two trades with a prediction. */
export function calibrationOf(trades: readonly Trade[]): Calibration | undefined {
  const points = trades
    .flatMap(({ portfolio, predicted, gross }) =>
      portfolio === 'mycelial' && predicted !== null ? [{ predicted, realised: gross }] : [],
    )
    .sort((a, b) => a.predicted - b.predicted)
  if (points.length < 2) return undefined
  const count = Math.max(1, Math.min(mostGroups, Math.floor(points.length / leastTrades)))
  const groups = Array.from({ length: count }, (_, g) => {
    const own = points.slice(Math.floor((g * points.length) / count), Math.floor(((g + 1) * points.length) / count))
    return { predicted: meanOf(own.map(p => p.predicted)).mean, realised: meanOf(own.map(p => p.realised)) }
  })
  return {
    trades: points.length,
    groups,
    ...slopeOf(points),
    meanPredicted: meanOf(points.map(p => p.predicted)).mean,
    meanRealised: meanOf(points.map(p => p.realised)).mean,
  }
}

function slopeOf(points: readonly { predicted: number; realised: number }[]): Pick<Calibration, 'slope' | 'slopeError'> {
  const n = points.length
  const x = meanOf(points.map(p => p.predicted)).mean
  const y = meanOf(points.map(p => p.realised)).mean
  const spread = points.reduce((sum, p) => sum + (p.predicted - x) ** 2, 0)
  if (!(spread > 0)) return { slope: null, slopeError: null }
  const slope = points.reduce((sum, p) => sum + (p.predicted - x) * (p.realised - y), 0) / spread
  const residual = points.reduce((sum, p) => sum + (p.realised - y - slope * (p.predicted - x)) ** 2, 0)
  return { slope, slopeError: n > 2 ? Math.sqrt(residual / (n - 2) / spread) : null }
}
