import { OperatorError } from './errors.js'
import { grouped } from './grouped.js'

/** Refuses a count that is no whole number from 1 to `most`. Libraries name it as their option: `steps` in backticks. */
export function checkedCount(what: string, n: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(n) && n >= 1 && n <= most) return n
  const expected = most === Number.MAX_SAFE_INTEGER ? 'a whole number ≥ 1' : `a whole number from 1 to ${grouped(most)}`
  throw new OperatorError({ what, expected, got: n })
}
