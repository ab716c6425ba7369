/** Standardising a stream by its own past: z of a value uses only the moments known before it. */

import { math } from '../core/index.js'
import { protocol } from './limits.js'

/** Exponentially weighted moments of one stream; plain data. */
export interface Standardiser {
  /** Values seen. */
  count: number
  mean: number
  variance: number
  /** Weight of a new value once the stream is long. */
  readonly gain: number
  /** Values before the first z. */
  readonly warmup: number
}

/** The gain whose weights halve every `bars`. */
export function gainOf(halfLifeBars: number): number {
  return 1 - math.pow(2, -1 / halfLifeBars)
}

/** @param halfLifeBars half-life of the weights. @param warmup values before the first z. */
export function standardiser(halfLifeBars = 500, warmup = 50): Standardiser {
  return { count: 0, mean: 0, variance: 0, gain: gainOf(halfLifeBars), warmup }
}

/**
 * The clipped z of `value` by the moments up to the value before it, then takes the value in; NaN until warm and for NaN,
 * which is not taken in. Weights are 1/n while that exceeds the gain, so that the start is a plain mean (West 1979's
 * incremental update with exponential forgetting). Where the past never moved, any move is the bound: ±4.
 */
export function standardise(s: Standardiser, value: number): number {
  if (Number.isNaN(value)) return Number.NaN
  const z = s.count < s.warmup ? Number.NaN : clippedZ(value - s.mean, s.variance)
  s.count++
  const gain = Math.max(s.gain, 1 / s.count)
  const delta = value - s.mean
  s.mean += gain * delta
  s.variance = (1 - gain) * (s.variance + gain * delta * delta)
  return z
}

function clippedZ(deviation: number, variance: number): number {
  if (deviation === 0) return 0
  const z = deviation / Math.sqrt(variance)
  return z > protocol.zClip ? protocol.zClip : z < -protocol.zClip ? -protocol.zClip : z
}
