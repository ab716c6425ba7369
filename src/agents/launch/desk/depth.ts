/** How deep a token's market is: the curve that was read, or the published one at the price that was seen. */

import { type Curve, isComplete, migrate, newCurve, publishedCurve, raisedBy } from '../../../exchange/index.js'
import type { SeenToken } from './seen.js'

const { virtualLamports, virtualTokens, curveTokens, supplyTokens } = publishedCurve
/** What a pool holds at first: the curve's whole raise, and the tokens that it did not sell. */
const pool = { lamports: raisedBy(publishedCurve), tokens: supplyTokens - curveTokens }

/** A curve or a pool to trade with on paper; null while a complete curve waits for its migration. */
export function depthOf({ reserves, price, phase }: SeenToken): Curve | null {
  const curve = newCurve(publishedCurve)
  if (phase === 'graduated') return pooled(curve, price)
  if (reserves !== null) {
    curve.lamports = reserves.lamports
    curve.tokens = reserves.tokens
    curve.realLamports = reserves.realLamports
    curve.realTokens = reserves.realTokens
    return reserves.complete || isComplete(curve) ? null : curve
  }
  const product = virtualLamports * virtualTokens
  curve.tokens = Math.round(Math.sqrt(product / price))
  curve.lamports = Math.round(Math.sqrt(product * price))
  curve.realLamports = Math.max(0, curve.lamports - virtualLamports)
  curve.realTokens = Math.min(curveTokens, curveTokens - (virtualTokens - curve.tokens))
  return curve.realTokens > 0 ? curve : pooled(newCurve(publishedCurve), price)
}

function pooled(curve: Curve, price: number): Curve {
  curve.realTokens = 0
  migrate(curve)
  const product = pool.lamports * pool.tokens
  curve.tokens = Math.round(Math.sqrt(product / price))
  curve.lamports = Math.round(Math.sqrt(product * price))
  curve.realTokens = Math.min(curve.tokens, supplyTokens)
  curve.realLamports = curve.lamports
  return curve
}
