/**
 * What may be in one pair, and in one group of pairs, as a share of equity. Long and short count together: a waiting entry may fill
 * while the other position remains. The limit holds at the order, by the prices then known; the fill costs no more than it allowed
 * there, and less where the price has risen. Later prices may carry a position beyond it.
 */

import * as z from 'zod'
import type { UsdE6 } from '../../../core/index.js'
import { pairName } from '../../../market/index.js'
import { lower, same } from '../limit.js'
import { addedE6, all, quantityUnder } from '../quantity.js'
import { type Account, defineRule, type Intent } from '../rule.js'

const share = z.number().min(0).max(1)
const rule = {
  unit: 'share of equity',
  boundary:
    'exactly the limit is allowed, at the order and at its fill; an entry that adds nothing to what leaves for it always is',
  excess: 'shrink',
} as const

export const pairConcentration = defineRule({
  ...rule,
  code: 'pairLimit',
  limits: { pairShare: lower(share, 'most that a pair’s position may be with an entry, as a share of equity') },
  source: 'single-name limits of funds (UCITS: 5 to 10 %)',
  allows: (intent, account, { pairShare = 1 }) => within(pairShare, heldInPair(intent, account), intent, account),
  measures: (intent, account) => shareOf(heldInPair(intent, account), intent, account),
})

/** Pairs by the name of their group. */
type Groups = Readonly<Record<string, readonly string[]>>

/** Groups as they were read, with the model’s names of pairs beside those written. */
const read = new WeakMap<Groups, Groups>()
const noGroups: Groups = {}

/** The same groups, whatever spelling of a pair a profile has. */
function named(groups: Groups): Groups {
  let known = read.get(groups)
  if (known === undefined) {
    known = Object.fromEntries(
      Object.entries(groups).map(([name, pairs]) => [name, pairs.flatMap(pair => [pair, pairName(pair)])]),
    )
    read.set(groups, known)
  }
  return known
}

export const groupConcentration = defineRule({
  ...rule,
  code: 'groupLimit',
  limits: {
    groupShare: lower(share, 'most that all positions of a group may be together with an entry, as a share of equity'),
    groups: same(z.record(z.string(), z.array(z.string())), 'the pairs of each group by its name; a pair in none is not bound'),
  },
  source: 'sector limits of funds',
  allows: (intent, account, { groupShare = 1, groups = noGroups }) =>
    isGrouped(named(groups), intent) ? within(groupShare, fullestGroup(named(groups), intent, account), intent, account) : all,
  measures: (intent, account, { groups = noGroups }) => shareOf(fullestGroup(named(groups), intent, account), intent, account),
})

/** The most of an intent for which it and `heldE6` stay within a share of equity. */
function within(share: number, heldE6: UsdE6, intent: Intent, account: Account): number {
  return addedE6(intent) === 0 ? all : quantityUnder(account.equityE6() * share, heldE6, intent)
}

function shareOf(heldE6: UsdE6, intent: Intent, account: Account): number {
  return (heldE6 + addedE6(intent)) / account.equityE6()
}

/** All positions and waiting entries in the pairs that `counts` names, whatever their direction. */
function heldIn(account: Account, counts: (pair: string) => boolean): UsdE6 {
  let sum = 0
  account.eachExposure((pair, valueE6) => {
    if (counts(pair)) sum += Math.abs(valueE6)
  })
  return sum
}

function heldInPair(intent: Intent, account: Account): UsdE6 {
  return heldIn(account, pair => pair === intent.pair)
}

function isGrouped(groups: Groups, { pair }: Intent): boolean {
  for (const name in groups) if (groups[name]?.includes(pair)) return true
  return false
}

/** What is held of the pair's group; of several, of the fullest. */
function fullestGroup(groups: Groups, { pair }: Intent, account: Account): UsdE6 {
  let most = 0
  for (const name in groups) {
    const pairs = groups[name] ?? []
    if (!pairs.includes(pair)) continue
    const inGroup = heldIn(account, held => pairs.includes(held))
    most = Math.max(most, inGroup)
  }
  return most
}
