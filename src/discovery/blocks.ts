/** Blocks of 24 bars and the three folds they fall into: the arithmetic that keeps evidence disjoint. */

import { protocol } from './limits.js'

const { blockBars, folds, stageBlocks } = protocol

/** The block of a bar. Bar `s` is the one that closes at step `s`. */
export function blockOf(step: number): number {
  return Math.floor(step / blockBars)
}

/** The fold whose learners may observe at this step. */
export function foldAt(step: number): number {
  return blockOf(step) % folds
}

/**
 * True at the h-th bars: a return of h bars that ends here lies whole inside one block, whenever h divides 24, and the
 * next due one does not overlap it.
 */
export function isDue(step: number, horizon: number): boolean {
  return (step + 1) % horizon === 0
}

/** A stretch of bars `from + 1 … until`; `from` is the earliest time a return may start. */
export interface Stretch {
  readonly from: number
  readonly until: number
}

/** The 54 whole blocks after a step: 18 of each fold, whichever comes first. */
export function stageAfter(step: number): Stretch {
  const from = (blockOf(step) + 1) * blockBars - 1
  return { from, until: from + stageBlocks * blockBars }
}

/** A fold's part of a stage: from the stage's start to the end of the fold's last block, when its test is full. */
export function foldStretch(stage: Stretch, fold: number): Stretch {
  let last = blockOf(stage.until)
  while (last % folds !== fold) last--
  return { from: stage.from, until: (last + 1) * blockBars - 1 }
}

/** Observations a fold can have in a stage: 432 bars, every h-th. */
export function foldObservations(horizon: number): number {
  return (stageBlocks * blockBars) / folds / horizon
}

/** Observations a fold must have. */
export function requiredObservations(horizon: number): number {
  return Math.ceil(protocol.coverage * foldObservations(horizon))
}

/** t = √n · mean / sd, from plain sums; NaN where there is no spread or fewer than three observations. */
export function tStatistic(n: number, sum: number, squares: number): number {
  if (n < 3) return Number.NaN
  const mean = sum / n
  const variance = (squares - sum * mean) / (n - 1)
  return variance > 0 ? (Math.sqrt(n) * mean) / Math.sqrt(variance) : Number.NaN
}
