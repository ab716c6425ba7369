/** Contagion: how far the finance learners believe the same thing. */

import type { LeadingPolicy } from './key-book.js'
import type { KeySpace } from './key-space.js'

/** Reused counts, one a possible policy; plain data. */
export interface PolicyCensus {
  readonly counts: Int32Array
}

export interface ContagionShare {
  /** Learners with a leading policy. */
  leading: number
  /** Largest group's part of all live finance learners, 0 where nobody leads. */
  share: number
  /** The largest group's policy number, −1 where nobody leads. */
  policy: number
}

export function policyCensus(space: KeySpace): PolicyCensus {
  return { counts: new Int32Array(space.drivers.length * space.pairs.length * 2) }
}

/** The number of a policy (driver, target, sign): what lag, transform and horizon leave open. −1 for none. */
export function policyNumber(space: KeySpace, lead: LeadingPolicy): number {
  if (lead.key < 0) return -1
  const driver = space.driverOf[space.signalIndex(lead.key)] as number
  return (driver * space.pairs.length + space.pairIndex(lead.key)) * 2 + (lead.sign > 0 ? 1 : 0)
}

/** A policy's name, e.g. `code:Rust → ADAUSD +`. */
export function policyName(space: KeySpace, policy: number): string {
  const pair = Math.floor(policy / 2) % space.pairs.length
  const driver = Math.floor(policy / 2 / space.pairs.length)
  return `${space.drivers[driver]} → ${space.pairs[pair]} ${policy % 2 === 1 ? '+' : '−'}`
}

/**
 * Counts the leading policies of the `live` learners (numbers as `policyNumber`, −1 for none) into `into`. Ties go to the
 * policy met first.
 */
export function contagionShare(census: PolicyCensus, leads: Int32Array, live: number, into: ContagionShare): ContagionShare {
  const { counts } = census
  into.leading = 0
  into.policy = -1
  let most = 0
  for (let i = 0; i < live; i++) {
    const policy = leads[i] as number
    if (policy < 0) continue
    into.leading++
    const count = (counts[policy] as number) + 1
    counts[policy] = count
    if (count <= most) continue
    most = count
    into.policy = policy
  }
  for (let i = 0; i < live; i++) if ((leads[i] as number) >= 0) counts[leads[i] as number] = 0
  into.share = live > 0 ? most / live : 0
  return into
}
