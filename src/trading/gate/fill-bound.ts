/** What the fill of an entry may cost. It is measured at the order, for no fill may depend on later prices, and kept until the fill. */

import type { UsdE6 } from '../../core/index.js'
import type { GateKeeper } from './gate.js'
import { profileRules } from './profile.js'
import { costE6, MOST_MOVE } from './quantity.js'
import type { Intent } from './rule.js'

/**
 * The most that the fill of an order may cost: what it costs at its price, more by spread, slippage and `MOST_MOVE`, as far as every
 * rule that bounds fills allows that much. A renewal may find no position any more, and is measured as the entry that it then is.
 * Undefined: no rule bounds it.
 */
export function fillBoundE6({ gate, rules, account }: GateKeeper, granted: Intent): UsdE6 | undefined {
  const dearest = Math.ceil(granted.qtyE8 * (1 + granted.slippage) * (1 + MOST_MOVE))
  const intent = { ...granted, renews: false, qtyE8: dearest }
  let most: number | undefined
  for (const rule of profileRules(gate.limits, rules)) {
    if (rule.allows === undefined || !rule.boundsFill(intent, gate.limits, gate.own[rule.code])) continue
    const allowed = rule.allows(intent, account, gate.limits, gate.own[rule.code])
    most = Math.min(most ?? dearest, allowed > 0 ? allowed : 0)
  }
  return most === undefined ? undefined : costE6({ ...intent, qtyE8: most })
}
