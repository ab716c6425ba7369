/**
 * Gains above a share of the starting capital are locked: all positions together never exceed what is left of equity, so that they
 * cannot lose it. locked = max(0, highest equity − (1 + share) · start). It is measured at every order and again at its fill. A
 * position is not made smaller by what its own gain locks later, and a short can lose more than its value.
 */

import * as z from 'zod'
import type { UsdE6 } from '../../../core/index.js'
import { type LimitsOf, lower } from '../limit.js'
import { addedE6, all, quantityUnder } from '../quantity.js'
import { type Account, defineRule } from '../rule.js'

interface Highest {
  equityE6: UsdE6
}

/** What is locked of a starting capital. It is rounded up: the limit holds to the unit. */
function lockedE6({ equityE6 }: Highest, startE6: UsdE6, share: number): UsdE6 {
  return Math.max(0, equityE6 - Math.floor((1 + share) * startE6))
}

/** What all positions together may be; NaN where equity is not known. */
function freeE6(own: Highest, account: Account, share: number): UsdE6 {
  return account.equityE6() - lockedE6(own, account.startE6, share)
}

export const profitLock = defineRule({
  code: 'profitLock',
  limits: {
    profitLockShare: lower(z.number().min(0).max(1_000), 'gain above which all is locked, as a share of starting capital'),
  },
  unit: 'USD in positions',
  boundary: 'positions of exactly what is not locked are allowed',
  source: 'constant proportion portfolio insurance with a multiplier of 1 (Black and Jones 1987)',
  excess: 'shrink',
  // It is measured again at the fill.
  boundsFill: () => false,
  begin: (): Highest => ({ equityE6: 0 }),
  watch(own, account) {
    const equity = account.equityE6()
    if (equity > own.equityE6) own.equityE6 = equity
    return null
  },
  allows: (intent, account, { profitLockShare = 0 }, own) =>
    addedE6(intent) === 0 ? all : quantityUnder(freeE6(own, account, profitLockShare), account.grossE6(), intent),
  measures: (intent, account) => (account.grossE6() + addedE6(intent)) / 1e6,
  bound: (_, __, account, { profitLockShare = 0 }, own) => freeE6(own, account, profitLockShare) / 1e6,
})

/** What a gate has locked; 0 where it has no such rule. */
export function lockedProfitE6({ limits, own }: LockingGate, startE6: UsdE6): UsdE6 {
  const highest = own[profitLock.code] as Highest | undefined
  return highest === undefined ? 0 : lockedE6(highest, startE6, limits.profitLockShare ?? 0)
}

/** What is read of a gate. */
interface LockingGate {
  readonly limits: LimitsOf<typeof profitLock.limits>
  readonly own: Readonly<Record<string, unknown>>
}
