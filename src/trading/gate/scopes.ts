/** Limits of a user or an operator: an intent passes the gates of all its scopes, and those of the outer ones see several portfolios as one account. */

import type { QtyE8, UsdE6 } from '../../core/index.js'
import { type Gate, type GateKeeper, judge, type Verdict } from './gate.js'
import type { Account, HeldPosition, Intent, PairMarket, Stage } from './rule.js'

/** The gates of an intent, from its portfolio's outwards: its user's, its operator's. */
export type GateKeepers = readonly [GateKeeper, ...GateKeeper[]]

/** What all gates together say of an intent. */
export interface JointVerdict {
  /** What may be traded; 0: it is refused. */
  readonly qtyE8: QtyE8
  /** The gate that refused it; null: all allowed it. */
  readonly refusedBy: Gate | null
  /** What each gate said, in the order in which they were asked. */
  readonly verdicts: readonly { readonly gate: Gate; readonly verdict: Verdict }[]
}

/**
 * Judges an intent by each gate; each receives what the one before allowed, and the first refusal ends. A gate that was asked for more
 * is asked again: what another gate leaves may be less than its smallest trade.
 */
export function judgeAll(keepers: GateKeepers, wanted: Intent, stage: Stage): JointVerdict {
  const verdicts: { gate: Gate; verdict: Verdict }[] = []
  let intent = wanted
  for (let at = 0, agreed = 0; agreed < keepers.length; at++) {
    const keeper = keepers[at % keepers.length] as GateKeeper
    const verdict = judge(keeper, intent, stage)
    verdicts.push({ gate: keeper.gate, verdict })
    if (verdict.refusedBy !== null) return { qtyE8: 0, refusedBy: keeper.gate, verdicts }
    agreed = verdict.qtyE8 === intent.qtyE8 ? agreed + 1 : 1
    if (agreed === 1) intent = { ...intent, qtyE8: verdict.qtyE8 }
  }
  return { qtyE8: intent.qtyE8, refusedBy: null, verdicts }
}

/** Lets each gate know of something: `atEach(keepers, gateOnFill, fill)`. */
export function atEach<T>(keepers: readonly GateKeeper[], hook: (keeper: GateKeeper, what: T) => void, what: T): void {
  for (const keeper of keepers) hook(keeper, what)
}

/** Several accounts as one: sums, of which one is unknown (NaN) where that of any account is. */
export function combinedAccount(accounts: readonly Account[]): Account {
  return new CombinedAccount(accounts)
}

class CombinedAccount implements Account {
  constructor(private readonly accounts: readonly Account[]) {}

  get startE6(): UsdE6 {
    let sum = 0
    for (const account of this.accounts) sum += account.startE6
    return sum
  }

  equityE6(): UsdE6 {
    let sum = 0
    for (const account of this.accounts) sum += account.equityE6()
    return sum
  }

  grossE6(): UsdE6 {
    let sum = 0
    for (const account of this.accounts) sum += account.grossE6()
    return sum
  }

  openCount(): number {
    let sum = 0
    for (const account of this.accounts) sum += account.openCount()
    return sum
  }

  eachExposure(visit: (pair: string, valueE6: UsdE6) => void): void {
    for (const account of this.accounts) account.eachExposure(visit)
  }

  /** As the account with the latest bar sees it. */
  market(pair: string): PairMarket | undefined {
    let latest: PairMarket | undefined
    for (const account of this.accounts) {
      const market = account.market(pair)
      if (market !== undefined && (latest === undefined || market.barTime > latest.barTime)) latest = market
    }
    return latest
  }

  position(pair: string): HeldPosition | null {
    let youngest: HeldPosition | null = null
    for (const account of this.accounts) {
      const position = account.position(pair)
      if (position !== null && (youngest === null || position.entryTime > youngest.entryTime)) youngest = position
    }
    return youngest
  }

  /** The portfolio's own gate asks for doubts: one user's lost link must not stop all others. */
  doubt(): null {
    return null
  }
}
