/** log k!, portable: a table of the small ones, Stirling's series beyond. */

import { log } from '../math/log.js'

const inTable = 32
const table = smallOnes()

const halfLogTwoPi = 0.9189385332046727

/** For whole k ≥ 0, to about 15 digits: at 32 the series' first term left out is below 10⁻¹⁴. */
export function logFactorial(k: number): number {
  if (k < inTable) return table[k] as number
  const x = k + 1
  const square = 1 / (x * x)
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - square / 1680) * square) * square) / x
  return (x - 0.5) * log(x) - x + halfLogTwoPi + series
}

function smallOnes(): Float64Array {
  const logs = new Float64Array(inTable)
  for (let k = 2; k < inTable; k++) logs[k] = (logs[k - 1] as number) + log(k)
  return logs
}
