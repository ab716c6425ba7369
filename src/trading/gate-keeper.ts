/** A portfolio and its gate: what a lock does to it, and what the gate needs to judge. */

import type { TimeMs } from '../core/index.js'
import {
  beginLock,
  endLock,
  type GateKeeper,
  houseRules,
  type Limits,
  type LockSink,
  mayEnter,
  type Rule,
  riskKinds,
  setGateLimits,
  settingsOf,
  waiveLock,
} from './gate/index.js'
import type { Portfolio } from './portfolio.js'
import { type Doubt, PortfolioAccount } from './portfolio-account.js'
import { cancelEntry } from './portfolio-orders.js'
import type { Halt } from './trade.js'

/** True where a rule of a gate has begun a lock, and not the risk manager. */
export function isGateLock({ kind }: Halt): boolean {
  return !(riskKinds as readonly string[]).includes(kind)
}

/** The locks that a portfolio's own gate has begun, and that are in force. */
export function gateLocks({ gate }: Portfolio): Halt[] {
  return gate.locks.filter(isGateLock)
}

/** Takes a lock or its end. A lock cancels the entries that wait where it holds; exits go on. Others' locks change nothing. */
export function haltPortfolio(portfolio: Portfolio, lock: Halt, rules: readonly Rule[] = houseRules): void {
  if (lock.portfolio !== 'all' && lock.portfolio !== portfolio.name) return
  if (!lock.on) {
    const ended = endLock(portfolio.gate.locks, lock.id)
    if (ended !== undefined && isGateLock(ended)) waiveLock(portfolio.gate, ended, rules)
    return
  }
  beginLock(portfolio.gate.locks, lock)
  for (const instrument of portfolio.instruments.values())
    if (lock.pair === null || lock.pair === instrument.pair) cancelEntry(portfolio, instrument, 'halted', lock.time)
}

/**
 * Puts other limits in the place of a portfolio's: of its gate, and of the settings that follow from them. Entries that wait in pairs
 * that may not be entered any more are cancelled; all others were judged when they were placed.
 */
export function setPortfolioLimits(portfolio: Portfolio, limits: Limits, rules: readonly Rule[], time: TimeMs): void {
  setGateLimits(portfolio.gate, limits, rules)
  portfolio.settings = { ...portfolio.settings, ...settingsOf(limits) }
  for (const instrument of portfolio.instruments.values())
    if (!mayEnter(limits, instrument.pair, time)) cancelEntry(portfolio, instrument, 'operator', time)
}

/** A portfolio's gate with its surroundings. Its locks take effect in the portfolio, and then `announce` receives them. */
export function gateKeeper(
  portfolio: Portfolio,
  rules: readonly Rule[],
  { doubt, announce }: { readonly doubt: Doubt; readonly announce: LockSink },
): GateKeeper {
  return {
    gate: portfolio.gate,
    rules,
    account: new PortfolioAccount(portfolio, doubt),
    announce(lock) {
      haltPortfolio(portfolio, lock, rules)
      announce(lock)
    },
  }
}
