/** The limits that a scenario's parameters choose: profiles by name, and profiles of one's own. */

import * as z from 'zod'
import { OperatorError, unknownName } from '../../core/index.js'
import { brokerSchema, riskSchema } from '../settings.js'
import { type Limits, limitSpecs, limitsSchema, type Profile, shippedProfiles, strictest } from './profile.js'

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

/** The limits that hold. Throws on a profile that is not known, contradicts another, or cannot pay. */
export function limitsOf(parameters: LimitParameters): Limits {
  if (!parameters.profiles.includes(haven)) assertHavenUnchanged(parameters)
  const limits = strictest(parameters.profiles.map(chosen => profileOf(chosen, parameters)))
  if (!parameters.allowLosingTarget) assertTargetPays(limits, parameters)
  return limits
}

/** A limit that is written down and does not hold would be a trap. */
function assertHavenUnchanged(parameters: LimitParameters): void {
  const { minConfidence, grossLimit } = brokerSchema.parse({})
  const { maxDrawdown, forbiddenPairs } = riskSchema.parse({})
  const standard = { minConfidence, grossLimit, maxDrawdown, forbiddenPairs }
  const changed = (Object.keys(standard) as (keyof typeof standard)[]).find(
    name => String(parameters[name]) !== String(standard[name]),
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

function profileOf(chosen: LimitParameters['profiles'][number], parameters: LimitParameters): Profile {
  if (typeof chosen !== 'string') return { name: chosen.name, limits: checkedLimits(chosen) }
  if (chosen === haven) return { name: haven, limits: havenLimits(parameters) }
  const limits = shippedProfiles[chosen]
  if (limits === undefined) throw unknownName('profile', chosen, profileNames)
  return { name: chosen, limits }
}

/** A profile of one's own, checked limit by limit. */
function checkedLimits({ name, limits }: { readonly name: string; readonly limits: Readonly<Record<string, unknown>> }): Limits {
  for (const [limit, value] of Object.entries(limits)) {
    if (limit === 'excess') continue
    const spec = limitSpecs[limit]
    if (spec === undefined) throw unknownName(`limit of the profile ${name}`, limit, Object.keys(limitSpecs))
    const checked = spec.schema.safeParse(value)
    if (!checked.success) throw wrongLimit(`limit "${limit}" of the profile ${name}`, checked.error.issues[0]?.message, value)
  }
  const all = limitsSchema.safeParse(limits)
  if (!all.success) throw wrongLimit(`"excess" of the profile ${name}`, 'by rule: refuse or shrink', limits.excess)
  return all.data
}

function wrongLimit(what: string, expected: string | undefined, got: unknown): OperatorError {
  return new OperatorError({ what, expected: expected ?? 'another value', got, next: 'The profiles that ship show examples.' })
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
  const fee = Math.max(0, (limits.targetShare ?? 0) / 2 - halfSpread - slippage)
  throw new OperatorError({
    what: `a target of ${percent(limits.targetShare ?? 0)}, where entry and exit cost 2 × (${percent(feeRate)} fee + ${percent(halfSpread)} half-spread + ${percent(slippage)} slippage) = ${percent(roundTripOf(parameters))}`,
    expected: 'a gain where it is reached',
    got: `a loss of ${percent(-left)}`,
    next: `It pays from a \`fee\` of ${percent(fee)} down (${shortest(fee)}); \`allowLosingTarget\` runs it all the same.`,
  })
}

function percent(share: number): string {
  return `${shortest(share * 100)} %`
}

/** Without the digits that only binary fractions have. */
function shortest(x: number): number {
  return Math.round(x * 1e9) / 1e9
}
