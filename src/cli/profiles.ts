/** The profiles of limits as a person reads them, and what each means for a scenario. */

import { MyceliaError, OperatorError } from '../core/index.js'
import type { Binding, LimitParameters, SizeParameters } from '../trading/index.js'
import { leftColumns } from './text.js'

export interface ListedProfile {
  readonly profile: string
  /** By name: the value, and what it bounds. */
  readonly limits: Readonly<Record<string, { readonly value: unknown; readonly meaning: string }>>
  /** Why it cannot run beside `haven` in the scenario as that is; absent: it can. */
  readonly refused?: string
}

export interface ListedProfiles {
  readonly scenario: string
  readonly profiles: readonly ListedProfile[]
}

/** Every profile that ships, judged for a scenario that trades. */
export async function listedProfiles(nameOrPath: string): Promise<ListedProfiles> {
  const { loadScenario } = await import('../world/load-scenario.js')
  const { scenario } = await loadScenario(nameOrPath)
  const parameters = scenario.params.parse({}) as Partial<LimitParameters>
  if (parameters.profiles === undefined) throw tradesNothing(scenario.name)
  return { scenario: scenario.name, profiles: await profilesFor(parameters as LimitParameters) }
}

function tradesNothing(scenario: string): OperatorError {
  return new OperatorError({
    what: `the profiles for ${scenario}`,
    expected: 'a scenario that trades',
    got: 'one without the parameter `profiles`',
    next: 'Try: mycelia list trifecta --profiles',
  })
}

/** The profiles under the parameters of a scenario. */
export async function profilesFor(parameters: LimitParameters): Promise<ListedProfile[]> {
  const { haven, havenLimits, limitSpecs, limitsOf, profileNames, shippedProfiles } = await import('../trading/index.js')
  return profileNames.map(profile => {
    const named = shippedProfiles[profile] ?? havenLimits(parameters)
    const limits = Object.entries(named).filter(([name, value]) => name !== 'excess' && value !== undefined)
    const refused = refusal(() => limitsOf({ ...parameters, profiles: [...new Set([haven, profile])] }))
    return {
      profile,
      limits: Object.fromEntries(limits.map(([name, value]) => [name, { value, meaning: limitSpecs[name]?.meaning ?? '' }])),
      ...(refused !== undefined && { refused }),
    }
  })
}

function refusal(choose: () => unknown): string | undefined {
  try {
    choose()
    return undefined
  } catch (error) {
    if (error instanceof MyceliaError) return error.message
    throw error
  }
}

/** Whether a scenario's target can earn anything, and the share of right trades from which it does. */
export async function payingTarget(
  nameOrPath: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<{ readonly pays: boolean; readonly says: string }> {
  const { loadScenario } = await import('../world/load-scenario.js')
  const { parseParameters } = await import('../model/index.js')
  const { limitsOf, targetLeft } = await import('../trading/index.js')
  const { scenario } = await loadScenario(nameOrPath)
  const parameters = parseParameters(scenario.params, { ...changes, allowLosingTarget: true }) as Partial<LimitParameters>
  if (parameters.profiles === undefined) throw tradesNothing(scenario.name)
  const limits = limitsOf(parameters as LimitParameters)
  const left = targetLeft(limits, parameters as LimitParameters)
  const { targetShare: target = 0, stopShare: stop } = limits
  if (left === undefined) return { pays: true, says: `${scenario.name} has no target that could lose.` }
  const cost = target - left
  const of = `${scenario.name}: a target of ${shareText(target)}, where entry and exit cost ${shareText(cost)}`
  if (refusal(() => limitsOf({ ...(parameters as LimitParameters), allowLosingTarget: false })) !== undefined)
    return { pays: false, says: `${of}: reached, it loses ${shareText(-left)}, and no share of right trades earns that` }
  const needed =
    stop === undefined
      ? ''
      : ` It earns from ${shareText((stop + cost) / (target + stop))} of right trades on, with a stop of ${shareText(stop)}.`
  return { pays: true, says: `${of}.${needed}` }
}

function shareText(share: number): string {
  return `${Math.round(share * 1e4) / 100} %`
}

export interface ScenarioLimits {
  readonly scenario: string
  readonly profiles: readonly string[]
  readonly bindings: readonly Binding[]
  /** Profiles that cannot run there as it is, and why. */
  readonly refused: Readonly<Record<string, string>>
}

/** For every scenario that ships and trades: the limits in force, and whether each can bind. */
export async function scenarioLimits(): Promise<ScenarioLimits[]> {
  const { loadScenario, shippedScenarios, shortNames } = await import('../world/load-scenario.js')
  const { bindingsOf, limitsOf } = await import('../trading/index.js')
  const all: ScenarioLimits[] = []
  for (const name of shortNames(shippedScenarios()).sort()) {
    const { scenario } = await loadScenario(name)
    const parameters = scenario.params.parse({}) as SizeParameters
    if (parameters.profiles === undefined) continue
    const refused = (await profilesFor(parameters)).flatMap(({ profile, refused: why }) =>
      why === undefined ? [] : [[profile, why]],
    )
    all.push({
      scenario: name,
      profiles: parameters.profiles.map(chosen => (typeof chosen === 'string' ? chosen : chosen.name)),
      bindings: bindingsOf(limitsOf(parameters), parameters),
      refused: Object.fromEntries(refused),
    })
  }
  return all
}

/** A line a scenario and limit. */
export function scenarioLimitsText(all: readonly ScenarioLimits[]): string {
  const rows = all.flatMap(({ scenario, profiles, bindings, refused }) => [
    ...bindings.map(({ limit, value, binds, why }, i) => [
      i === 0 ? `  ${scenario}` : '',
      i === 0 ? profiles.join(',') : '',
      `${limit} ${JSON.stringify(value)}`,
      bindWords[binds],
      why,
    ]),
    ...Object.keys(refused).map(profile => ['', profile, 'cannot run as it is', '', `mycelia list ${scenario} --profiles`]),
  ])
  return `Limits of the scenarios that trade, and what they bind:\n${leftColumns(rows)}`
}

const bindWords: Readonly<Record<Binding['binds'], string>> = {
  every: 'binds every entry',
  some: 'may bind',
  none: 'cannot bind',
}

/** A block a profile: its limits with their meanings, and whether it can run. */
export function profilesText({ scenario, profiles }: ListedProfiles): string {
  const blocks = profiles.map(({ profile, limits, refused }) => {
    const rows = Object.entries(limits).map(([name, { value, meaning }]) => [`  ${name}`, JSON.stringify(value), meaning])
    return `${profile}\n${leftColumns(rows)}${refused === undefined ? '' : `  Not in ${scenario} as it is: ${refused}\n`}`
  })
  return `${blocks.join('\n')}\nOf several profiles, the strictest value of each limit holds: mycelia run ${scenario} --profile haven,micro\n`
}
