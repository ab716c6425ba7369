/** Weights of several voters, learnt from what their votes lost: Hedge (Freund and Schapire 1997), with a least weight for each. */

import { math } from '../core/index.js'

/** What Hedge keeps, as plain data. */
export interface Hedge {
  /** Sum of losses by voter, each loss from 0 to 1. */
  readonly losses: number[]
  /** How fast it learns: √(8 ln n ÷ outcomes) for so many outcomes to come. */
  readonly rate: number
  /** Least weight of a voter. */
  readonly floor: number
}

export function newHedge(voters: number, { outcomes, floor }: { outcomes: number; floor: number }): Hedge {
  return { losses: new Array<number>(voters).fill(0), rate: Math.sqrt((8 * math.log(voters)) / outcomes), floor }
}

/** The weights now; they add up to 1. */
export function hedgeWeights({ losses, rate, floor }: Hedge): number[] {
  const least = Math.min(...losses)
  const raw = losses.map(loss => math.exp(-rate * (loss - least)))
  const all = raw.reduce((sum, w) => sum + w, 0)
  return raw.map(w => (1 - losses.length * floor) * (w / all) + floor)
}

/** Learns what each voter lost, from 0 to 1. */
export function learnLosses({ losses }: Hedge, lost: readonly number[]): void {
  lost.forEach((loss, i) => {
    losses[i] = (losses[i] ?? 0) + loss
  })
}
