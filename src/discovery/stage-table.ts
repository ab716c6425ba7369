/** Which keys are past their screen, so that the deal and imitators leave them alone: no bar serves a key in two stages. */

import type { HypothesisSpace } from './hypothesis-space.js'

/** The stages after the screen in which a key is not to be screened. */
export const HypothesisStage = { free: 0, confirming: 1, studied: 2, approved: 3 } as const

/** Plain data; one cell a key. */
export interface StageTable {
  readonly stage: Uint8Array
}

export function stageTable(space: HypothesisSpace): StageTable {
  return { stage: new Uint8Array(space.size) }
}

export function setStage(table: StageTable, hypothesis: number, stage: number): void {
  table.stage[hypothesis] = stage
}

/** True where a screen of the key may begin. */
export function mayScreen(table: StageTable, hypothesis: number): boolean {
  return table.stage[hypothesis] === HypothesisStage.free
}
