/** Limits that an operator changes while a run goes on, checked like those that its parameters chose. */

import { OperatorError, unknownName } from '../../core/index.js'
import { pairName } from '../../market/index.js'
import { assertLimitsHold, type LimitParameters } from './chosen-limits.js'
import { isOn, type Limits, limitSpecsOf } from './profile.js'
import type { Rule } from './rule.js'

/** The name by which an operator says which of the run's pairs may be entered. */
export const pairsSetting = 'pairs'

/** One limit that changed; undefined: it is not in force. */
export interface LimitChange {
  readonly name: string
  readonly from: unknown
  readonly to: unknown
}

export interface ChangeSources {
  /** What the run began with, for what its limits must agree with. */
  readonly parameters: LimitParameters
  /** The limits that these parameters chose: where `pairs: all` goes back to. */
  readonly chosen: Limits
  readonly rules: readonly Rule[]
  /** The run's pairs. */
  readonly pairs: readonly string[]
}

/** Every name that may be set. */
export function settableNames(rules: readonly Rule[]): string[] {
  return [...Object.keys(limitSpecsOf(rules)), pairsSetting]
}

/**
 * The limits after an operator's changes, and what changed. `null` takes a limit out of force. Throws an `OperatorError` for an unknown
 * name, a value of another kind or range, and limits that make no sense together.
 */
export function changedLimits(
  now: Limits,
  changes: Readonly<Record<string, unknown>>,
  { parameters, chosen, rules, pairs }: ChangeSources,
): { readonly limits: Limits; readonly changed: readonly LimitChange[] } {
  const specs = limitSpecsOf(rules)
  const next: Record<string, unknown> = { ...now }
  for (const [name, value] of Object.entries(changes)) {
    if (name === pairsSetting) {
      setLimit(next, 'whiteList', entered(value, chosen.whiteList, pairs))
      continue
    }
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
    if (spec === undefined) throw unknownName('limit', name, settableNames(rules))
    if (value === null) {
      setLimit(next, name, undefined)
      continue
    }
    const parsed = spec.schema.safeParse(value)
    if (!parsed.success) throw wrongValue(name, value, parsed.error.issues[0]?.message)
    setLimit(next, name, parsed.data)
  }
  addStandards(next, rules)
  const limits = next as Limits
  assertSwitchedOn(Object.keys(changes), limits, rules)
  assertLimitsHold(limits, parameters, rules)
  return { limits, changed: differences(now, limits) }
}

/** A limit that is not in force is absent, as in a profile that does not name it. */
function setLimit(limits: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) delete limits[name]
  else limits[name] = value
}

/** The list of what may be entered: pairs of the run, of those that its parameters allow; undefined: all of these. */
function entered(
  value: unknown,
  allowed: readonly string[] | undefined,
  pairs: readonly string[],
): readonly string[] | undefined {
  if (value === 'all' || value === null) return allowed
  const named = typeof value === 'string' ? value.split(',').map(name => name.trim()) : value
  if (!Array.isArray(named) || !named.every(name => typeof name === 'string' && name !== ''))
    throw wrongValue(pairsSetting, value, 'pairs with commas between, or all')
  const known = (named as string[]).map(name => knownPair(name, pairs))
  return [...new Set(known.map(pair => allowedLine(pair, allowed)))]
}

/** The line of the parameters' own list that allows a pair, with its instant. */
function allowedLine(pair: string, allowed: readonly string[] | undefined): string {
  const line = allowed === undefined ? pair : allowed.find(each => pairName(each.split(' ')[0] ?? '') === pair)
  if (line === undefined) throw wrongValue(pairsSetting, pair, 'pairs that the white list of the run allows')
  return line
}

/** A pair of the run by any of its names. */
export function knownPair(name: string, pairs: readonly string[]): string {
  const pair = pairs.includes(name) ? name : pairName(name)
  if (!pairs.includes(pair)) throw unknownName('pair of this run', name, pairs)
  return pair
}

/** What the rules that are on leave to their standard. */
function addStandards(limits: Record<string, unknown>, rules: readonly Rule[]): void {
  for (const rule of rules) {
    if (!isOn(rule, limits as Limits)) continue
    for (const [name, { standard }] of Object.entries(rule.limits)) if (standard !== undefined) limits[name] ??= standard
  }
}

/** A limit that is set and does not hold would be a trap. */
function assertSwitchedOn(names: readonly string[], limits: Limits, rules: readonly Rule[]): void {
  for (const name of names) {
    if ((limits as Readonly<Record<string, unknown>>)[name] === undefined) continue
    const owners = rules.filter(rule => name in rule.limits)
    if (owners.length === 0 || owners.some(rule => isOn(rule, limits))) continue
    const first = owners.map(rule => `"${Object.keys(rule.limits)[0]}"`).join(' or ')
    throw new OperatorError({
      what: `limit "${name}"`,
      expected: `the limit ${first} with it`,
      got: 'none',
      next: `Set ${first} too.`,
    })
  }
}

function differences(before: Limits, after: Limits): LimitChange[] {
  const [from, to] = [before, after] as readonly Readonly<Record<string, unknown>>[]
  const names = new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])
  return [...names].flatMap(name => {
    const change = { name, from: from?.[name], to: to?.[name] }
    return JSON.stringify(change.from) === JSON.stringify(change.to) ? [] : [change]
  })
}

function wrongValue(name: string, got: unknown, expected = 'another value'): OperatorError {
  const next = `Its range stands in docs/reference/risk-rules.md; null takes it out of force.`
  return new OperatorError({
    what: `limit "${name}"`,
    expected,
    got,
    next: name === pairsSetting ? 'Try pairs=SOLUSD,ADAUSD.' : next,
  })
}
