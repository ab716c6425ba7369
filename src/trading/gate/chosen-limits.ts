/** The limits that a scenario's parameters choose: profiles by name, and profiles of one's own. */

import * as z from 'zod'
import { OperatorError, unknownName } from '../../core/index.js'
import { brokerSchema, riskSchema } from '../settings.js'
import { assertEachHolds } from './idle-limits.js'
import type { LimitSpec } from './limit.js'
import { excessSchema, type Limits, limitSpecsOf, type Profile, shippedProfiles, strictest } from './profile.js'
import type { Rule } from './rule.js'
import { houseRules } from './rules/index.js'

/** The profile that is made of the parameters `minConfidence`, `grossLimit`, `maxDrawdown` and `forbiddenPairs`. */
export const haven = 'haven'

/** Every profile that may be named. */
export const profileNames: readonly string[] = [haven, ...Object.keys(shippedProfiles)]

/** Parameters of the gate. */
export const gateSchema = z.object({
  profiles: z
    .array(z.union([z.string(), z.strictObject({ name: z.string().min(1), limits: z.record(z.string(), z.unknown()) })]))
    .min(1)
    .default([haven])
    .describe(
      `profiles of limits, by name (${profileNames.join(', ')}) or as { name, limits }: of each limit the strictest holds`,
    ),
  allowLosingTarget: z
    .boolean()
    .default(false)
    .describe('run although a profile’s target does not pay for entry and exit, so that even its winners lose'),
})

/** The parameters that choose limits. */
export interface LimitParameters extends z.output<typeof gateSchema> {
  readonly minConfidence: number
  readonly grossLimit: number
  readonly maxDrawdown: number
  readonly forbiddenPairs: readonly string[]
  readonly feeRate: number
  readonly halfSpread: number
  readonly slippage: number
}

/**
 * The limits that hold; `rules` are the house's, and any of one's own. Throws on a profile that is not known, contradicts another, says
 * what would have no effect, or cannot pay.
 */
export function limitsOf(parameters: LimitParameters, rules: readonly Rule[] = houseRules): Limits {
  if (!parameters.profiles.includes(haven)) assertHavenUnchanged(parameters)
  const profiles = parameters.profiles.map(chosen => profileOf(chosen, parameters, rules))
  const limits = strictest(profiles, rules)
  assertEachHolds(profiles, limits, rules)
  if (!parameters.allowLosingTarget) assertTargetPays(limits, parameters)
  return limits
}

/** A limit that is written down and does not hold would be a trap. */
function assertHavenUnchanged(parameters: LimitParameters): void {
  const { minConfidence, grossLimit } = brokerSchema.parse({})
  const { maxDrawdown, forbiddenPairs } = riskSchema.parse({})
  const standard = { minConfidence, grossLimit, maxDrawdown, forbiddenPairs }
  // A scenario without these parameters has not changed them.
  const given: Partial<LimitParameters> = parameters
  const changed = (Object.keys(standard) as (keyof typeof standard)[]).find(
    name => given[name] !== undefined && String(given[name]) !== String(standard[name]),
  )
  if (changed === undefined) return
  const names = parameters.profiles.map(chosen => (typeof chosen === 'string' ? chosen : chosen.name))
  throw new OperatorError({
    what: `parameter "${changed}"`,
    expected: `the profile ${haven}, which it belongs to, among \`profiles\``,
    got: names.join(', '),
    next: `Add it: ${[haven, ...names].join(',')}. Of each limit the strictest holds.`,
  })
}

/** The settings of a portfolio that follow from its limits: no leverage where no limit says less. */
export function settingsOf({ minConfidence = 0, grossShare = 1, targetShare, stopShare }: Limits) {
  return { minConfidence, grossLimit: grossShare, targetShare, stopShare }
}

/** Throws where limits together let nothing enter, name what does not hold, or cannot pay: as those that a profile chooses. */
export function assertLimitsHold(limits: Limits, parameters: LimitParameters, rules: readonly Rule[]): void {
  assertEachHolds([], limits, rules)
  if (!parameters.allowLosingTarget) assertTargetPays(limits, parameters)
}

function profileOf(chosen: LimitParameters['profiles'][number], parameters: LimitParameters, rules: readonly Rule[]): Profile {
  if (typeof chosen !== 'string') return { name: chosen.name, limits: checkedLimits(chosen, rules) }
  if (chosen === haven) return { name: haven, limits: havenLimits(parameters) }
  const limits = shippedProfiles[chosen]
  if (limits === undefined) throw unknownName('profile', chosen, profileNames)
  return { name: chosen, limits }
}

/** A profile of one's own, checked limit by limit. */
function checkedLimits({ name, limits }: OwnProfile, rules: readonly Rule[]): Limits {
  const specs: Readonly<Record<string, Pick<LimitSpec, 'schema'>>> = { ...limitSpecsOf(rules), excess: { schema: excessSchema } }
  const checked: Record<string, unknown> = {}
  for (const [limit, value] of Object.entries(limits)) {
    const spec = specs[limit]
    if (spec === undefined) throw unknownName(`limit of the profile ${name}`, limit, Object.keys(specs))
    const parsed = spec.schema.optional().safeParse(value)
    if (!parsed.success) throw wrongLimit(name, { limit, value, expected: parsed.error.issues[0]?.message })
    checked[limit] = parsed.data
  }
  return checked as Limits
}

type OwnProfile = Exclude<LimitParameters['profiles'][number], string>

interface WrongLimit {
  readonly limit: string
  readonly value: unknown
  readonly expected: string | undefined
}

function wrongLimit(profile: string, { limit, value, expected = 'another value' }: WrongLimit): OperatorError {
  const isExcess = limit === 'excess'
  return new OperatorError({
    what: `${isExcess ? '' : 'limit '}"${limit}" of the profile ${profile}`,
    expected: isExcess ? 'by rule: refuse or shrink' : expected,
    got: value,
    next: 'The profiles that ship show examples.',
  })
}

/** What the parameters say, and nothing else. */
export function havenLimits(
  parameters: Pick<LimitParameters, 'minConfidence' | 'grossLimit'> &
    Partial<Pick<LimitParameters, 'maxDrawdown' | 'forbiddenPairs'>>,
): Limits {
  const { minConfidence, grossLimit, maxDrawdown, forbiddenPairs = [] } = parameters
  return {
    minConfidence,
    grossShare: grossLimit,
    ...(maxDrawdown !== undefined && { maxDrawdown }),
    ...(forbiddenPairs.length > 0 && { blackList: [...forbiddenPairs] }),
  }
}

/** What entry and exit together cost, as a share of price. */
function roundTripOf({ feeRate, halfSpread, slippage }: LimitParameters): number {
  return 2 * (feeRate + halfSpread + slippage)
}

/** Rounding of sums of a few rates. */
const rounding = 1e-12

/** What a target leaves after costs, as a share of price; undefined where there is no target. */
export function targetLeft(limits: Limits, parameters: LimitParameters): number | undefined {
  return limits.targetShare === undefined ? undefined : limits.targetShare - roundTripOf(parameters)
}

function assertTargetPays(limits: Limits, parameters: LimitParameters): void {
  const left = targetLeft(limits, parameters)
  if (left === undefined || left >= -rounding) return
  const { feeRate, halfSpread, slippage } = parameters
  const target = limits.targetShare ?? 0
  throw new OperatorError({
    what: `a target of ${percent(target)}, where entry and exit cost 2 × (${percent(feeRate)} fee + ${percent(halfSpread)} half-spread + ${percent(slippage)} slippage) = ${percent(roundTripOf(parameters))}`,
    expected: 'a gain where it is reached',
    got: `a loss of ${percent(-left)}`,
    next: `${wherePays(target / 2 - halfSpread - slippage)}; \`allowLosingTarget\` runs it all the same.`,
  })
}

/** What a fee may be, so that a target pays. */
function wherePays(fee: number): string {
  return fee < -rounding
    ? 'It pays at no `fee`, because half-spread and slippage alone cost more than the target'
    : `It pays from a \`fee\` of ${percent(Math.max(0, fee))} down (${shortest(Math.max(0, fee))})`
}

function percent(share: number): string {
  return `${shortest(share * 100)} %`
}

/** Without the digits that only binary fractions have. */
function shortest(x: number): number {
  return Math.round(x * 1e9) / 1e9
}
