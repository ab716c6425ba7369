/** What a profile says without effect: a limit that is written down and does not hold would be a trap. */

import { OperatorError, unknownName } from '../../core/index.js'
import { accountSpecs, isOn, type Limits, type Profile } from './profile.js'
import type { Rule } from './rule.js'

/** Throws where a profile names a limit or an excess of a rule that is not on, or where limits together let nothing enter. */
export function assertEachHolds(profiles: readonly Profile[], limits: Limits, rules: readonly Rule[]): void {
  for (const profile of profiles) {
    for (const [name, value] of Object.entries(profile.limits))
      if (value !== undefined && name !== 'excess' && !(name in accountSpecs)) assertLimitHolds(name, profile, limits, rules)
    for (const code of Object.keys(profile.limits.excess ?? {})) assertExcessHolds(code, profile, limits, rules)
  }
  const { groupShare, groups, smallestTradeUsd = 0, largestTradeUsd = Number.POSITIVE_INFINITY } = limits
  if (groupShare !== undefined && groups === undefined)
    throw idle('limit "groupShare"', 'the limit "groups" with it', 'no groups', 'Name the pairs of each group, or leave it out.')
  if (smallestTradeUsd <= largestTradeUsd) return
  throw idle(
    'limits "smallestTradeUsd" and "largestTradeUsd"',
    'the smallest trade not to be larger than the largest',
    `${smallestTradeUsd} and ${largestTradeUsd} USD`,
    'Change one of them: nothing could enter.',
  )
}

function assertLimitHolds(limit: string, { name }: Profile, limits: Limits, rules: readonly Rule[]): void {
  const owners = rules.filter(rule => limit in rule.limits)
  if (owners.some(rule => isOn(rule, limits))) return
  const switches = owners.map(rule => `"${Object.keys(rule.limits)[0]}"`).join(' or ')
  throw idle(
    `limit "${limit}" of the profile ${name}`,
    `the limit ${switches} with it`,
    'none',
    `Name ${switches} too, or leave it out.`,
  )
}

function assertExcessHolds(code: string, { name }: Profile, limits: Limits, rules: readonly Rule[]): void {
  const judging = rules.filter(({ allows }) => allows !== undefined)
  const rule = judging.find(each => each.code === code)
  if (rule === undefined)
    throw unknownName(
      `rule that refuses or shrinks, in "excess" of the profile ${name}`,
      code,
      judging.map(each => each.code),
    )
  if (isOn(rule, limits)) return
  const first = Object.keys(rule.limits)[0]
  throw idle(
    `"excess" of ${code} in the profile ${name}`,
    `the limit "${first}" with it`,
    'none',
    `Name "${first}" too, or leave it out.`,
  )
}

function idle(what: string, expected: string, got: string, next: string): OperatorError {
  return new OperatorError({ what, expected, got, next })
}
