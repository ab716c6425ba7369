/** The risk gate: asks every rule of an intent, in a fixed order. The smallest quantity wins, the first refusal ends. */

import type { QtyE8, TimeMs } from '../../core/index.js'
import { lotAt } from '../../exchange/index.js'
import { type Bar, formatTime } from '../../market/index.js'
import type { Fill, Halt, Trade } from '../trade.js'
import { beginLock, lockOn, takeEnded } from './locks.js'
import { type Limits, profileRules } from './profile.js'
import { all, none } from './quantity.js'
import type { Account, Intent, Pause, Rule, Stage } from './rule.js'

/** Whose limits a gate keeps: one portfolio's, or those of all portfolios of a user or an operator together. */
export type GateScope = 'portfolio' | 'user' | 'operator'

/** A gate as plain data: its limits, what its rules keep, and the locks in force. */
export interface Gate {
  readonly scope: GateScope
  /** The portfolio, user or operator. */
  readonly name: string
  limits: Limits
  /** What the rules keep between intents, by code. */
  readonly own: Record<string, unknown>
  readonly locks: Halt[]
  /** What stands in the place of locks that an operator has ended. */
  readonly waived: Waiver[]
  /** Locks begun, by the code of the rule. */
  readonly begun: Record<string, number>
}

/**
 * A lock that an operator has ended: what its rule watches begins no other before it is over, or before the instant at which the lock
 * would have ended.
 */
export interface Waiver {
  readonly code: string
  readonly pair: string | null
  readonly until: TimeMs | null
}

/** A gate before anything has happened; `rules` are the house's, and any of one's own. */
export function newGate(scope: GateScope, name: string, limits: Limits, rules: readonly Rule[]): Gate {
  const own: Record<string, unknown> = {}
  for (const { code, begin, keepsWith } of profileRules(limits, rules).all)
    if (begin !== undefined) own[code] = own[keepsWith ?? code] ?? begin(limits)
  return { scope, name, limits, own, locks: [], waived: [], begun: {} }
}

/**
 * Puts other limits in the place of a gate's. What rules keep goes on; a rule that is switched on begins, and one that keeps what its
 * limits say begins again where they changed.
 */
export function setGateLimits(gate: Gate, limits: Limits, rules: readonly Rule[]): void {
  const before: Readonly<Record<string, unknown>> = gate.limits
  const after: Readonly<Record<string, unknown>> = limits
  gate.limits = limits
  const on = profileRules(limits, rules).all
  for (const { code } of profileRules(before as Limits, rules).all)
    if (!on.some(rule => rule.code === code)) delete gate.own[code]
  for (const { code, begin, keepsWith, limits: specs } of on) {
    if (begin === undefined) continue
    const isOther = begin.length > 0 && Object.keys(specs).some(name => before[name] !== after[name])
    if (isOther || gate.own[code] === undefined)
      gate.own[code] = (isOther ? undefined : gate.own[keepsWith ?? code]) ?? begin(limits)
  }
}

/** A rule made the quantity smaller. */
export interface Shrinkage {
  readonly code: string
  /** What was left. */
  readonly qtyE8: QtyE8
  /** What the rule compared before, and with which limit; NaN where it has no number. */
  readonly measured: number
  readonly limit: number
}

/** What the gate says of an intent. */
export interface Verdict {
  /** What may be traded; 0: it is refused. */
  readonly qtyE8: QtyE8
  /** The code of the rule or the kind of the lock that refused it; null: allowed. */
  readonly refusedBy: string | null
  /** The lock that refused it. */
  readonly lockId: string | null
  /** What that rule compared, and with which limit; NaN where it has no number. */
  readonly measured: number
  readonly limit: number
  /** Rules that allowed it, of those the limits switch on, in their order. */
  readonly passed: number
  readonly shrunk: readonly Shrinkage[]
}

const unshrunk: readonly Shrinkage[] = []

/** Receives the locks that a gate begins or ends, when they are in force. */
export type LockSink = (lock: Halt) => void

/** A gate with what it needs to judge: the rules, the account, and where its locks go. */
export interface GateKeeper {
  readonly gate: Gate
  readonly rules: readonly Rule[]
  readonly account: Account
  announce(lock: Halt): void
}

/** Judges an intent. Rules that pause look first, so that no fill of this very tick passes a limit. */
export function judge(keeper: GateKeeper, wanted: Intent, stage: Stage): Verdict {
  if (wanted.reduces) return allowed(wanted.qtyE8, 0, unshrunk)
  const { gate, account } = keeper
  let intent = wanted
  if (stage === 'entry') {
    watchAccount(keeper, intent.time)
    const lock = lockOn(gate.locks, intent.pair)
    if (lock !== undefined) return refused(lock.kind, unshrunk, { lockId: lock.id })
  }
  let qty = intent.qtyE8
  let shrunk: Shrinkage[] | undefined
  let passed = 0
  for (const rule of profileRules(gate.limits, keeper.rules)[stage]) {
    if (intent.opposes && !rule.bindsExits) continue
    const own = gate.own[rule.code]
    const most = rule.allows?.(intent, account, gate.limits, own) ?? none
    if (most !== all && !(most >= qty)) {
      const less = refuses(rule, gate.limits) ? 0 : wholeLots(most, intent)
      const measured = rule.measures?.(intent, account, gate.limits, own) ?? Number.NaN
      const limit = rule.bound?.(most, intent, account, gate.limits, own) ?? firstLimit(rule, gate.limits)
      if (!(less > 0)) {
        rule.onRefused?.(own, intent, gate.limits)
        return refused(rule.code, shrunk ?? unshrunk, { passed, measured, limit })
      }
      shrunk ??= []
      shrunk.push({ code: rule.code, qtyE8: less, measured, limit })
      qty = less
      intent = { ...intent, qtyE8: less }
    }
    passed++
  }
  return allowed(qty, passed, shrunk ?? unshrunk)
}

/** Begins the locks that the account's state asks for, and ends those whose instant has come. */
export function watchAccount(keeper: GateKeeper, time: TimeMs): void {
  const { gate, rules, account } = keeper
  endDueLocks(keeper, time)
  for (const rule of profileRules(gate.limits, rules).watch) {
    const pause = rule.watch?.(gate.own[rule.code], account, time, gate.limits) ?? null
    if (gate.waived.length > 0) endWaivers(keeper, rule.code, pause, time)
    if (pause !== null && waiverAt(gate, rule.code, pause.pair) < 0) begin(keeper, rule, pause, time)
  }
}

/**
 * Notes that an operator has ended a lock. Only a rule that watches the account would begin it again by itself; one that begins locks
 * with a trade, a bar or a fill begins the next with the next of them that reaches its limit.
 */
export function waiveLock(gate: Gate, { kind: code, pair, until }: Halt, rules: readonly Rule[]): void {
  if (rules.find(rule => rule.code === code)?.watch === undefined) return
  const at = waiverAt(gate, code, pair)
  if (at >= 0) gate.waived.splice(at, 1)
  gate.waived.push({ code, pair, until })
}

function waiverAt({ waived }: Gate, code: string, pair: string | null): number {
  return waived.findIndex(waiver => waiver.code === code && waiver.pair === pair)
}

/** Nothing to see is no end while equity is not known: a rule may see nothing for want of a price. */
function endWaivers({ gate, account }: GateKeeper, code: string, pause: Pause | null, time: TimeMs): void {
  const over = pause === null && Number.isFinite(account.equityE6())
  for (let i = gate.waived.length - 1; i >= 0; i--) {
    const waiver = gate.waived[i] as Waiver
    if (waiver.code === code && (over || (waiver.until !== null && time >= waiver.until))) gate.waived.splice(i, 1)
  }
}

/** The end of a step, after the account was valued. */
export function gateOnStep(keeper: GateKeeper, time: TimeMs): void {
  const { gate, rules, account } = keeper
  watchAccount(keeper, time)
  for (const rule of profileRules(gate.limits, rules).onStep) rule.onStep?.(gate.own[rule.code], account, time, gate.limits)
}

/** An intent has become an order. */
export function gateOnEntry({ gate, rules }: GateKeeper, intent: Intent): void {
  for (const rule of profileRules(gate.limits, rules).onEntry) rule.onEntry?.(gate.own[rule.code], intent, gate.limits)
}

/** A bar has ended. */
export function gateOnBar(keeper: GateKeeper, bar: Bar): void {
  const { gate, rules } = keeper
  for (const rule of profileRules(gate.limits, rules).onBar) {
    const pause = rule.onBar?.(gate.own[rule.code], bar, gate.limits) ?? null
    if (pause !== null) begin(keeper, rule, pause, bar.time + bar.barMs)
  }
}

/** An order has filled. */
export function gateOnFill(keeper: GateKeeper, fill: Fill): void {
  const { gate, rules } = keeper
  for (const rule of profileRules(gate.limits, rules).onFill) {
    const pause = rule.onFill?.(gate.own[rule.code], fill, gate.limits) ?? null
    if (pause !== null) begin(keeper, rule, pause, fill.time)
  }
}

/** A position has closed. What the end of the run closes begins no lock: nothing is entered after it. */
export function gateOnTrade(keeper: GateKeeper, trade: Trade): void {
  if (trade.reason === 'end') return
  const { gate, rules } = keeper
  for (const rule of profileRules(gate.limits, rules).onTrade) {
    const pause = rule.onTrade?.(gate.own[rule.code], trade, gate.limits) ?? null
    if (pause !== null) begin(keeper, rule, pause, trade.exitTime)
  }
}

function begin(keeper: GateKeeper, rule: Rule, { pair, until, reason }: Pause, time: TimeMs): void {
  const { gate, announce } = keeper
  endDueLocks(keeper, time)
  const known = gate.locks.find(lock => lock.kind === rule.code && lock.pair === pair)
  // A lock that holds already is only ever made longer.
  if (known !== undefined && (known.until === null || (until !== null && until <= known.until))) return
  const lock: Halt = {
    id: known?.id ?? `${gate.name}:${rule.code}:${pair ?? 'all'}:${time}`,
    portfolio: gate.name,
    pair,
    kind: rule.code,
    on: true,
    time: known?.time ?? time,
    until,
    reason,
    ends: until === null ? 'an operator ends it' : `at ${formatTime(until)}`,
  }
  if (known === undefined) gate.begun[rule.code] = (gate.begun[rule.code] ?? 0) + 1
  beginLock(gate.locks, lock)
  announce(lock)
}

function endDueLocks({ gate, announce }: GateKeeper, time: TimeMs): void {
  if (gate.locks.length === 0) return
  // What another began, that other announces.
  for (const lock of takeEnded(gate.locks, time))
    if (lock.portfolio === gate.name) announce({ ...lock, on: false, time, reason: 'its time has come' })
}

function refuses({ code, excess }: Rule, { excess: said }: Limits): boolean {
  return (said?.[code] ?? excess) === 'refuse'
}

function wholeLots(qtyE8: number, { instrument, priceUsd }: Intent): QtyE8 {
  if (!(qtyE8 > 0) || !(priceUsd > 0)) return 0
  const lot = lotAt(instrument, priceUsd)
  return Math.floor(qtyE8 / lot) * lot
}

function firstLimit(rule: Rule, limits: Limits): number {
  const [name] = Object.keys(rule.limits)
  const value = name === undefined ? undefined : (limits as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'number' ? value : Number.NaN
}

function allowed(qtyE8: QtyE8, passed: number, shrunk: readonly Shrinkage[]): Verdict {
  return { qtyE8, refusedBy: null, lockId: null, measured: Number.NaN, limit: Number.NaN, passed, shrunk }
}

function refused(refusedBy: string, shrunk: readonly Shrinkage[], rest: Partial<Verdict>): Verdict {
  const { lockId = null, measured = Number.NaN, limit = Number.NaN, passed = 0 } = rest
  return { qtyE8: 0, refusedBy, lockId, measured, limit, passed, shrunk }
}
