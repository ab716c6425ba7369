/** Which hypotheses are past their screen. Learners do not screen these, so no bar serves a hypothesis in two stages. */

import type { HypothesisSpace } from './hypothesis-space.js'

/** The stages of a hypothesis; it may be screened only while `free`. */
export const HypothesisStage = { free: 0, confirming: 1, studied: 2, approved: 3 } as const

/** Plain data; one cell a hypothesis. */
export interface StageTable {
  readonly stage: Uint8Array
}

export function stageTable(space: HypothesisSpace): StageTable {
  return { stage: new Uint8Array(space.size) }
}

export function setStage(table: StageTable, hypothesis: number, stage: number): void {
  table.stage[hypothesis] = stage
}

/** True where a screen of the hypothesis may begin. */
export function mayScreen(table: StageTable, hypothesis: number): boolean {
  return table.stage[hypothesis] === HypothesisStage.free
}
