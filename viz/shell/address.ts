/** The address bar: scenario, seed, parameters that are not the standard ones, and step. A token never stands in it. */

import type { About, Clock, Command } from '../../src/view/index.js'
import { seedOf } from './text.js'

/** What a link shows. */
export interface Shown {
  readonly scenario: string | undefined
  readonly seed: number | string | undefined
  readonly step: number | undefined
  readonly params: Readonly<Record<string, unknown>>
}

const prefix = 'p.'

export function shownBy(search: string): Shown {
  const query = new URLSearchParams(search)
  const seed = query.get('seed')
  const step = Number(query.get('step') ?? Number.NaN)
  const params = [...query]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), parsed(value)])
  return {
    scenario: query.get('scenario') ?? undefined,
    seed: seed === null ? undefined : seedOf(seed),
    step: Number.isSafeInteger(step) && step >= 0 ? step : undefined,
    params: Object.fromEntries(params) as Record<string, unknown>,
  }
}

/** The query that shows a run at its present step. */
export function searchFor({ scenario, seed, params, parameters }: About, step: number): string {
  const query = new URLSearchParams({ scenario, seed: String(seed) })
  for (const { name, default: standard } of parameters)
    if (JSON.stringify(params[name]) !== JSON.stringify(standard)) query.set(prefix + name, textOf(params[name]))
  query.set('step', String(step))
  return `?${query}`
}

/** What must be done so that a run shows what a link does; empty where it does already. */
export function commandsTo(shown: Shown, about: About, clock: Clock): Command[] {
  const { seed = about.seed, step } = shown
  const names = Object.keys(shown.params)
  const isLink = shown.seed !== undefined || names.length > 0
  const wanted = Object.fromEntries(
    about.parameters.flatMap(({ name, default: standard }) => {
      const value = shown.params[name] ?? standard
      return value === null || value === undefined ? [] : [[name, value]]
    }),
  )
  const differs = Object.entries(wanted).some(([name, value]) => JSON.stringify(about.params[name]) !== JSON.stringify(value))
  if (isLink && (String(seed) !== String(about.seed) || differs))
    return [{ do: 'pause' }, { do: 'reset', seed, params: wanted }, ...stepsTo(step ?? 0)]
  if (step === undefined || step === clock.step) return []
  if (step >= clock.earliest && step <= clock.newest) return [{ do: 'pause' }, { do: 'seek', step }]
  return step > clock.newest ? [{ do: 'pause' }, { do: 'seek', step: clock.newest }, ...stepsTo(step - clock.newest)] : []
}

/** In words, for the question whether to do it. */
export function describe({ seed, step, params }: Shown): string {
  const moved = Object.entries(params).map(([name, value]) => `${name} ${textOf(value)}`)
  const words = [seed === undefined ? '' : `seed ${seed}`, ...moved, step === undefined ? '' : `step ${step}`]
  return words.filter(word => word !== '').join(', ')
}

/**
 * Takes the token out of the address, so that a copied address gives nobody control. It is kept with this entry of the tab's history, so
 * that loading the page again keeps control.
 */
export function takeToken(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null) history.replaceState({ token: given }, '', location.pathname + location.search)
  const { token } = (history.state ?? {}) as { token?: unknown }
  return typeof token === 'string' ? token : undefined
}

export function showAddress(search: string): void {
  if (location.search !== search) history.replaceState(history.state, '', location.pathname + search)
}

function stepsTo(steps: number): Command[] {
  return steps > 0 ? [{ do: 'step', steps }] : []
}

/** A text that reads as something else, as "5" does, is written as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' && parsed(value) === value ? value : JSON.stringify(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
