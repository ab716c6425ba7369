/** Blocks of 24 bars, their halves, and the folds they fall into: the arithmetic that keeps evidence disjoint. */

import { protocol } from './limits.js'

const { blockBars, halfBars, stageBlocks, screenSums } = protocol

/** The block of a bar. Bar `s` is the one that closes at step `s`. */
export function blockOf(step: number): number {
  return Math.floor(step / blockBars)
}

/** The fold whose learners may observe at this step. */
export function foldAt(step: number, folds: number = protocol.folds): number {
  return blockOf(step) % folds
}

/** The half block of a bar: scores are summed over these 12 bars before any test reads them. */
export function halfOf(step: number): number {
  return Math.floor(step / halfBars)
}

/** True at the last bar of a half block. */
export function endsHalf(step: number): boolean {
  return (step + 1) % halfBars === 0
}

/** True at the last bar of a block. */
export function endsBlock(step: number): boolean {
  return (step + 1) % blockBars === 0
}

/** A stretch of bars `from + 1 … until`; `from` is the earliest time a return may start. */
export interface Stretch {
  readonly from: number
  readonly until: number
}

/** The screen of a hypothesis assigned at a step: the 20 whole half blocks that follow, which begin within 12 bars. */
export function screenAfter(step: number): Stretch {
  const from = (halfOf(step) + 1) * halfBars - 1
  return { from, until: from + screenSums * halfBars }
}

/** The first bar of a screen that ended at a step. */
export function screenBegin(until: number): number {
  return until - screenSums * halfBars
}

/** The 54 whole blocks after a step: 18 of each of three folds, whichever comes first. */
export function stageAfter(step: number): Stretch {
  const from = (blockOf(step) + 1) * blockBars - 1
  return { from, until: from + stageBlocks * blockBars }
}

/** A fold's part of a stage: from the stage's start to the end of the fold's last block, when its test is full. */
export function foldStretch(stage: Stretch, fold: number, folds: number = protocol.folds): Stretch {
  let last = blockOf(stage.until)
  while (last % folds !== fold) last--
  return { from: stage.from, until: (last + 1) * blockBars - 1 }
}

/** Blocks a fold has in a stage: 18 of 54 where there are three folds. */
export function foldBlocks(folds: number = protocol.folds): number {
  return stageBlocks / folds
}

/** Scores a fold can have in a stage: one a bar. */
export function foldScores(folds: number = protocol.folds): number {
  return foldBlocks(folds) * blockBars
}

/** Scores a fold must have. */
export function requiredScores(folds: number = protocol.folds): number {
  return Math.ceil(protocol.coverage * foldScores(folds))
}
