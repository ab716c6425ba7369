/** Profiles: limits as data, with names. Several hold at once: of each limit the strictest value. */

import * as z from 'zod'
import { MINUTE_MS, OperatorError } from '../../core/index.js'
import { type LimitSpec, type LimitSpecs, type LimitsOf, lower, same } from './limit.js'
import type { Rule, Stage } from './rule.js'
import { houseRules } from './rules/index.js'

/** The specifications of a union of rules, as one. */
export type JoinedSpecs<U> = (U extends unknown ? (u: U) => void : never) extends (all: infer I) => void ? I : never
/** Every limit of the house, by name. */
export type HouseSpecs = JoinedSpecs<(typeof houseRules)[number]['limits']> & typeof accountSpecs

/** Limits that are not of single entries: when an account halts, and where a position leaves. */
export const accountSpecs = {
  maxDrawdown: lower(z.number().positive().max(1), 'loss from the peak at which entries stop, as a share of the peak'),
  targetShare: same(z.number().positive().max(1), 'gain at which a position is closed, as a share of its entry price'),
  stopShare: same(z.number().positive().max(1), 'loss at which a position is closed, as a share of its entry price'),
} satisfies LimitSpecs

/** The limits that hold: what a profile says, or several of them together. */
export type Limits = LimitsOf<HouseSpecs> & {
  /** Of a rule by its code: whether an intent beyond its limit is refused or made smaller. */
  readonly excess?: Readonly<Record<string, 'refuse' | 'shrink'>> | undefined
}

/** A set of limits with a name. */
export interface Profile {
  readonly name: string
  readonly limits: Limits
}

/** Every limit of some rules and of accounts, by name. Throws where two rules mean different limits by one name. */
export function limitSpecsOf(rules: readonly Rule[]): LimitSpecs {
  const specs: Record<string, LimitSpec> = {}
  for (const { code, limits } of rules)
    for (const [name, spec] of Object.entries(limits)) {
      if (name === 'excess' || name in accountSpecs || (specs[name] ?? spec) !== spec) throw nameTaken(name, code)
      specs[name] = spec
    }
  return Object.assign(specs, accountSpecs)
}

function nameTaken(name: string, code: string): OperatorError {
  return new OperatorError({
    what: `limit "${name}" of the rule ${code}`,
    expected: 'a name that no other limit has',
    got: name,
    next: 'Choose another name.',
  })
}

/** Every limit of the house, by name. */
export const limitSpecs: LimitSpecs = limitSpecsOf(houseRules)

/** What a profile may say of rules, by code. */
export const excessSchema = z.record(z.string(), z.enum(['refuse', 'shrink'])).describe('by rule: refuse or shrink')

/** The profiles that ship, besides `haven`, which is made of a scenario's parameters. */
export const shippedProfiles: Readonly<Record<string, Limits>> = {
  micro: {
    smallestTradeUsd: 1,
    largestTradeUsd: 5,
    dailyLossUsd: 2,
    minConfidence: 0.55,
    openPositions: 3,
    minHoldMs: 5 * MINUTE_MS,
    cooldownMs: 30 * MINUTE_MS,
    targetShare: 0.005,
    stopShare: 0.003,
    accuracy24h: 0.45,
  },
  floor: {
    equityFloorUsd: 10,
    dailyLossUsd: 5,
    profitLockShare: 1,
    maxDrawdown: 0.3,
    minConfidence: 0.7,
    minAgreeing: 2,
    minWinRate: 0.4,
  },
  user: {
    largestTradeUsd: 1_000,
    dailyLossUsd: 100,
    openPositions: 10,
    pairShare: 0.25,
    maxDataAgeMs: 30 * MINUTE_MS,
    maxSignalAgeMs: 45 * MINUTE_MS,
  },
  spot: {
    openPositions: 8,
    clusterShare: 0.4,
    valueAtRisk99: 0.02,
    expectedShortfall975: 0.02,
    kellyFraction: 0.5,
    kellyCap: 0.1,
  },
  futures: {
    openPositions: 8,
    clusterShare: 0.4,
    valueAtRisk99: 0.04,
    expectedShortfall975: 0.04,
    kellyFraction: 0.5,
    // Its stake is a share of equity by notional: what bounds it is the margin.
    kellyCap: 1,
    marginShare: 0.05,
  },
}

/**
 * Of each limit the strictest value any of the profiles names. Each counts as if it held alone: with the standard values of the rules
 * that it switches on, so that several are never laxer than one of them.
 */
export function strictest(profiles: readonly Profile[], rules: readonly Rule[] = houseRules): Limits {
  const specs = limitSpecsOf(rules)
  const limits: Record<string, unknown> = {}
  const from: Record<string, string> = {}
  for (const { name: profile, limits: named } of profiles) {
    for (const [name, value] of Object.entries({ ...standards(named, rules), ...defined(named) })) {
      if (name === 'excess') continue
      const where = { name, profiles: [from[name] ?? '', profile] }
      limits[name] = name in limits ? joined(specs[name], limits[name], value, where) : value
      from[name] = name in from ? `${from[name]} and ${profile}` : profile
    }
  }
  return { ...(limits as Limits), excess: joinedExcess(profiles, rules) }
}

/** What a profile leaves unsaid of the rules that it switches on. */
function standards(limits: Limits, rules: readonly Rule[]): Readonly<Record<string, unknown>> {
  const unsaid: Record<string, unknown> = {}
  for (const rule of rules) {
    if (!isOn(rule, limits)) continue
    for (const [name, { standard }] of Object.entries(rule.limits)) if (standard !== undefined) unsaid[name] = standard
  }
  return unsaid
}

function defined(limits: Limits): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
}

interface Where {
  readonly name: string
  readonly profiles: readonly string[]
}

function joined(spec: LimitSpec | undefined, a: unknown, b: unknown, where: Where): unknown {
  const { stricter = 'same', join } = spec ?? {}
  if (join !== undefined) return join(a, b)
  if (stricter === 'lower') return Math.min(a as number, b as number)
  if (stricter === 'higher') return Math.max(a as number, b as number)
  const [listA, listB] = [a as readonly string[], b as readonly string[]]
  if (stricter === 'union') return [...new Set([...listA, ...listB])]
  if (stricter === 'intersection') return listA.filter(each => listB.includes(each))
  if (JSON.stringify(a) === JSON.stringify(b)) return a
  throw new OperatorError({
    what: `limit "${where.name}" of the profiles ${where.profiles.join(' and ')}`,
    expected: 'one value, because neither is stricter',
    got: `${JSON.stringify(a)} and ${JSON.stringify(b)}`,
    next: 'Choose one of the profiles, or write one of your own.',
  })
}

/** To refuse is stricter than to shrink, also where a profile leaves it to the rule that it switches on. */
function joinedExcess(profiles: readonly Profile[], rules: readonly Rule[]): Limits['excess'] {
  const excess: Record<string, 'refuse' | 'shrink'> = {}
  for (const code of new Set(profiles.flatMap(({ limits }) => Object.keys(limits.excess ?? {})))) {
    const rule = rules.find(each => each.code === code)
    for (const { limits } of profiles) {
      const what = limits.excess?.[code] ?? (rule !== undefined && isOn(rule, limits) ? rule.excess : undefined)
      if (what !== undefined && excess[code] !== 'refuse') excess[code] = what
    }
  }
  return excess
}

/** The rules that limits switch on, each list in the order of the rules: those of an event hold only what listens to it. */
export interface ActiveRules {
  readonly all: readonly Rule[]
  readonly signal: readonly Rule[]
  readonly entry: readonly Rule[]
  readonly watch: readonly Rule[]
  readonly onStep: readonly Rule[]
  readonly onEntry: readonly Rule[]
  readonly onBar: readonly Rule[]
  readonly onFill: readonly Rule[]
  readonly onTrade: readonly Rule[]
}

const active = new WeakMap<Limits, WeakMap<readonly Rule[], ActiveRules>>()

/** The rules that these limits switch on. */
export function profileRules(limits: Limits, rules: readonly Rule[]): ActiveRules {
  let ofLimits = active.get(limits)
  if (ofLimits === undefined) {
    ofLimits = new WeakMap()
    active.set(limits, ofLimits)
  }
  let on = ofLimits.get(rules)
  if (on === undefined) {
    on = activeRules(rules.filter(rule => isOn(rule, limits)))
    ofLimits.set(rules, on)
  }
  return on
}

function activeRules(all: readonly Rule[]): ActiveRules {
  const judging = (stage: Stage) => all.filter(rule => rule.stage === stage && rule.allows !== undefined)
  const listening = (hook: 'watch' | 'onStep' | 'onEntry' | 'onBar' | 'onFill' | 'onTrade') =>
    all.filter(rule => rule[hook] !== undefined)
  return {
    all,
    signal: judging('signal'),
    entry: judging('entry'),
    watch: listening('watch'),
    onStep: listening('onStep'),
    onEntry: listening('onEntry'),
    onBar: listening('onBar'),
    onFill: listening('onFill'),
    onTrade: listening('onTrade'),
  }
}

/** A rule without limits is always on; another where its first limit has a value. */
export function isOn(rule: Rule, limits: Limits): boolean {
  const [first] = Object.keys(rule.limits)
  return first === undefined || (limits as Readonly<Record<string, unknown>>)[first] !== undefined
}
