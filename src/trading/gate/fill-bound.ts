/** What the fill of an entry may cost. It is measured at the order, for no fill may depend on later prices, and kept until the fill. */

import type { QtyE8, UsdE6 } from '../../core/index.js'
import type { GateKeeper } from './gate.js'
import { profileRules } from './profile.js'
import { costE6, MOST_MOVE } from './quantity.js'
import type { Intent, Stage } from './rule.js'

/**
 * The most that the fill of an order may cost: what it costs at its price, more by spread, slippage and `MOST_MOVE`, as far as the
 * rules that bound fills allow that much. They are asked again as the gate asked them, of more, so that a rule which takes a part of
 * what is wanted takes it once. A renewal may find no position any more, and is measured as the entry that it then is. Undefined: no
 * rule bounds it.
 */
export function fillBoundE6({ gate, rules, account }: GateKeeper, wanted: Intent, grantedE8: QtyE8): UsdE6 | undefined {
  const dearer = (1 + wanted.slippage) * (1 + MOST_MOVE)
  let intent = { ...wanted, renews: false, qtyE8: Math.ceil(wanted.qtyE8 * dearer) }
  let isBound = false
  for (const stage of stages)
    for (const rule of profileRules(gate.limits, rules)[stage]) {
      const own = gate.own[rule.code]
      if (rule.allows === undefined || !rule.boundsFill(intent, gate.limits, own)) continue
      isBound = true
      const most = rule.allows(intent, account, gate.limits, own)
      if (!(most >= intent.qtyE8)) intent = { ...intent, qtyE8: most > 0 ? most : 0 }
    }
  return isBound ? costE6({ ...intent, qtyE8: Math.min(intent.qtyE8, Math.ceil(grantedE8 * dearer)) }) : undefined
}

const stages: readonly Stage[] = ['signal', 'entry']
