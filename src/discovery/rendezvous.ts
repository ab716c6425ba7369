/** Rendezvous hashing: who of the living is responsible for a key, without anybody keeping a table. */

import { hashName, mix32 } from '../core/index.js'
import { protocol } from './limits.js'

/** The weight of member `id` for a key: a well-mixed unsigned word. */
function weightOf(hypothesis: number, id: number, salt: number): number {
  return mix32(mix32((hypothesis + 0x9e3779b9) ^ salt) ^ Math.imul(id + 1, 0x85ebca6b)) >>> 0
}

const ownerSalt = hashName('owner')
const confirmationSalt = hashName('duty')

/**
 * The live member with the highest weight for the key (highest random weight, Thaler & Ravishankar 1998): when one is
 * lost, only its keys move. Undefined where none lives.
 */
export function ownerOf(hypothesis: number, live: readonly number[]): number | undefined {
  return highest(hypothesis, live, ownerSalt, () => true)
}

/** The live learner of a fold that should confirm a key. */
export function confirmerOf(hypothesis: number, fold: number, live: readonly number[]): number | undefined {
  return highest(hypothesis, live, confirmationSalt, id => id % protocol.folds === fold)
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
