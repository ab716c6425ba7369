/** Rendezvous hashing: which live agent is responsible for a hypothesis. Every process computes it, so none keeps a table. */

import { hashName, mix32 } from '../core/index.js'

/** The weight of member `id` for a hypothesis: a well-mixed unsigned word. */
function weightOf(hypothesis: number, id: number, salt: number): number {
  return mix32(mix32((hypothesis + 0x9e3779b9) ^ salt) ^ Math.imul(id + 1, 0x85ebca6b)) >>> 0
}

const ownerSalt = hashName('owner')
const confirmationSalt = hashName('duty')

/**
 * The live member with the highest weight for the hypothesis (highest random weight, Thaler & Ravishankar 1998). When a member
 * is lost, only its hypotheses move. Undefined where no member is live.
 */
export function ownerOf(hypothesis: number, live: readonly number[]): number | undefined {
  return highest(hypothesis, live, ownerSalt, () => true)
}

/** The live learner of a fold that should confirm a hypothesis. */
export function confirmerOf(
  hypothesis: number,
  { fold, folds }: { readonly fold: number; readonly folds: number },
  live: readonly number[],
): number | undefined {
  return highest(hypothesis, live, confirmationSalt, id => id % folds === fold)
}

function highest(hypothesis: number, live: readonly number[], salt: number, fits: (id: number) => boolean): number | undefined {
  let best: number | undefined
  let bestWeight = -1
  for (const id of live) {
    if (!fits(id)) continue
    const weight = weightOf(hypothesis, id, salt)
    if (weight > bestWeight) {
      best = id
      bestWeight = weight
    }
  }
  return best
}
