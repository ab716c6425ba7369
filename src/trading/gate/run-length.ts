/** Trades until a CUSUM of hits and misses alarms, on average: exact, by the Markov chain of its score. */

import { math } from '../../core/index.js'

/** What a miss adds to the score and a hit takes away, in whole units; it never falls below 0 and alarms from `threshold` on. */
export interface Cusum {
  readonly miss: number
  readonly hit: number
  readonly threshold: number
}

/** Units of the larger of both scores, before a common divisor is taken out. */
const RESOLUTION = 20

/**
 * The CUSUM that distinguishes an accuracy of `good` from one of `bad`: its scores are the log-likelihood ratios of a miss and a hit,
 * its threshold the smallest with at least `trades` trades between two alarms while the accuracy is `good`. Sources: Page 1954 (CUSUM);
 * Reynolds and Stoumbos 1999 (Bernoulli observations).
 */
export function cusumOf(good: number, bad: number, trades: number): Cusum {
  const ofMiss = math.log((1 - bad) / (1 - good))
  const ofHit = math.log(good / bad)
  const unit = Math.max(ofMiss, ofHit) / RESOLUTION
  const [up, down] = [Math.max(1, Math.round(ofMiss / unit)), Math.max(1, Math.round(ofHit / unit))]
  const divisor = commonDivisor(up, down)
  const scores = { miss: up / divisor, hit: down / divisor }
  const isEnough = (threshold: number) => runLength({ ...scores, threshold }, good) >= trades
  let enough = scores.miss
  while (!isEnough(enough)) enough *= 2
  let tooLow = enough >> 1
  while (enough - tooLow > 1) {
    const middle = (tooLow + enough) >> 1
    if (isEnough(middle)) enough = middle
    else tooLow = middle
  }
  return { ...scores, threshold: enough }
}

/**
 * Mean trades from a score of 0 to the alarm, at this accuracy. The mean Lᵢ from score i solves Lᵢ = 1 + P(miss) Lᵢ₊ₘᵢₛₛ +
 * P(hit) L₍ᵢ₋ₕᵢₜ₎ (Brook and Evans 1972), by elimination within the band of the matrix.
 */
export function runLength(cusum: Cusum, accuracy: number): number {
  const { miss, hit, threshold } = cusum
  const rows = Array.from({ length: threshold }, (_, i) => chainRow(i, cusum, accuracy))
  // From the last score down, so that the equation of score 0 is what remains.
  for (let k = threshold - 1; k > 0; k--)
    for (let i = Math.max(0, k - miss); i < k; i++) eliminate(rows[i] as Row, rows[k] as Row, k - i, hit)
  const { band, right } = rows[0] as Row
  return right / (band[hit] as number)
}

/** One equation: coefficients of the scores from `hit` below its own to `miss` above, and the right side. */
interface Row {
  readonly band: Float64Array
  right: number
}

function chainRow(i: number, { miss, hit, threshold }: Cusum, accuracy: number): Row {
  const band = new Float64Array(hit + miss + 1)
  const add = (score: number, x: number) => {
    band[score - i + hit] = (band[score - i + hit] as number) + x
  }
  add(i, 1)
  add(Math.max(0, i - hit), -accuracy)
  if (i + miss < threshold) add(i + miss, accuracy - 1)
  return { band, right: 1 }
}

/** Takes the pivot's unknown, `above` scores above the row's own, out of the row. What a pivot holds above its own is out already. */
function eliminate(row: Row, pivot: Row, above: number, hit: number): void {
  const factor = (row.band[hit + above] as number) / (pivot.band[hit] as number)
  if (factor === 0) return
  for (let j = 0; j <= hit; j++) row.band[j + above] = (row.band[j + above] as number) - factor * (pivot.band[j] as number)
  row.right -= factor * pivot.right
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
