/** Policies by number and name, so that finance learners with the same policy can be counted. */

import type { HypothesisSpace } from './hypothesis-space.js'
import type { LeadingPolicy } from './hypothesis-tests.js'

/** The number of a policy: driver, target and sign, whatever the lag, transform and horizon. −1 for no policy. */
export function policyNumber(space: HypothesisSpace, lead: LeadingPolicy): number {
  if (lead.hypothesis < 0) return -1
  const driver = space.driverOf[space.signalIndex(lead.hypothesis)] as number
  return (driver * space.pairs.length + space.pairIndex(lead.hypothesis)) * 2 + (lead.sign > 0 ? 1 : 0)
}

/** A policy's name, e.g. `code:Rust → ADAUSD +`. */
export function policyName(space: HypothesisSpace, policy: number): string {
  const pair = Math.floor(policy / 2) % space.pairs.length
  const driver = Math.floor(policy / 2 / space.pairs.length)
  return `${space.drivers[driver]} → ${space.pairs[pair]} ${policy % 2 === 1 ? '+' : '−'}`
}
