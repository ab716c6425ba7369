/** The probability that the best of several strategies was chosen for its luck (CSCV: Bailey, Borwein, López de Prado and Zhu 2017). */

import { math, OperatorError } from '../../core/index.js'
import { line } from './estimates.js'
import { checkedSample, type Sample } from './samples.js'

/** What combinatorially symmetric cross-validation finds. */
export interface Overfitting {
  /** The share of splits in which the best of one half ranks in the lower half of the other. Without any skill it is ½. */
  readonly probability: number
  /** One a split: the logit of the out-of-sample rank of the best in sample, 0 in the middle. */
  readonly logits: readonly number[]
  /** The share of splits in which the best in sample loses out of sample. */
  readonly lossProbability: number
  /** The slope of its Sharpe ratio out of sample over that in sample: what an in-sample ratio of one more is worth. */
  readonly slope: number
}

/** Blocks that splits are made of, at most: 20 make 184,756 splits. */
const mostBlocks = 20

/**
 * Cuts the returns of all strategies into `blocks` (even, default 16) of equal length and takes every choice of half of them as the
 * sample: the strategy with the best Sharpe ratio there is looked up in the other half. `strategies`: the returns of one strategy each,
 * over the same periods; those that do not fill a block are left out at the beginning.
 */
export function backtestOverfitting(strategies: readonly Sample[], { blocks = 16 }: { blocks?: number } = {}): Overfitting {
  checkBlocks(blocks)
  checkStrategies(strategies, blocks)
  const sums = strategies.map(returns => blockSums(returns, blocks))
  const logits: number[] = []
  const inSample: number[] = []
  const outOfSample: number[] = []
  for (const chosen of halves(blocks)) {
    const inside = sums.map(strategy => ratioOver(strategy, chosen, true))
    const outside = sums.map(strategy => ratioOver(strategy, chosen, false))
    const best = inside.indexOf(Math.max(...inside))
    const rank = rankOf(outside, best) / (outside.length + 1)
    logits.push(math.log(rank / (1 - rank)))
    inSample.push(inside[best] as number)
    outOfSample.push(outside[best] as number)
  }
  const share = (values: readonly number[], holds: (x: number) => boolean) => values.filter(holds).length / values.length
  return {
    probability: share(logits, logit => logit <= 0),
    logits,
    lossProbability: share(outOfSample, ratio => ratio < 0),
    slope: line(inSample, outOfSample).slope,
  }
}

/** Sums over one block, of which the Sharpe ratio of any union of blocks is made. */
interface BlockSum {
  readonly sum: number
  readonly squares: number
  readonly length: number
}

function blockSums(returns: Sample, blocks: number): BlockSum[] {
  const length = Math.floor(returns.length / blocks)
  const from = returns.length - length * blocks
  return Array.from({ length: blocks }, (_, block) => {
    let sum = 0
    let squares = 0
    for (let i = from + block * length; i < from + (block + 1) * length; i++) {
      const value = returns[i] as number
      sum += value
      squares += value * value
    }
    return { sum, squares, length }
  })
}

/** The Sharpe ratio over the blocks that are in the sample, or over the others; 0 where nothing varies. */
function ratioOver(blocks: readonly BlockSum[], chosen: number, inside: boolean): number {
  let n = 0
  let sum = 0
  let squares = 0
  for (const [i, block] of blocks.entries()) {
    if (((chosen >> i) & 1) === (inside ? 1 : 0)) {
      n += block.length
      sum += block.sum
      squares += block.squares
    }
  }
  const variance = (squares - (sum * sum) / n) / (n - 1)
  // What rounding leaves of equal values is no variance.
  return variance > 1e-12 * (squares / n) ? sum / n / Math.sqrt(variance) : 0
}

/** The rank of one value from 1, the worst, on; values that are equal share their mean rank. */
function rankOf(values: readonly number[], at: number): number {
  const value = values[at] as number
  let below = 0
  let same = 0
  for (const other of values) {
    if (other < value) below++
    else if (other === value) same++
  }
  return below + (same + 1) / 2
}

/** Every choice of half of the blocks, as a set of bits. */
function* halves(blocks: number): Generator<number> {
  const isHalf = (bits: number) => {
    let count = 0
    for (let rest = bits; rest !== 0; rest &= rest - 1) count++
    return count === blocks / 2
  }
  for (let bits = 0; bits < 1 << blocks; bits++) if (isHalf(bits)) yield bits
}

function checkBlocks(blocks: number): void {
  if (Number.isInteger(blocks) && blocks >= 2 && blocks <= mostBlocks && blocks % 2 === 0) return
  throw new OperatorError({ what: '`blocks`', expected: `an even number from 2 to ${mostBlocks}`, got: blocks })
}

function checkStrategies(strategies: readonly Sample[], blocks: number): void {
  const [first] = strategies
  if (first === undefined || strategies.length < 2) {
    throw new OperatorError({ what: 'a probability of overfitting', expected: 'two strategies or more', got: strategies.length })
  }
  for (const [i, returns] of strategies.entries()) {
    checkedSample(`the returns of strategy ${i}`, returns, 2 * blocks)
    if (returns.length !== first.length) {
      throw new OperatorError({
        what: `the returns of strategy ${i}`,
        expected: `${first.length} of them, as of the first`,
        got: returns.length,
      })
    }
  }
}
