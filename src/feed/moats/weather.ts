/** Logistics, American regions: active weather alerts where goods travel, as the National Weather Service counts them. */

import { type MoatSource, numberAt } from './source.js'

/** States along each coast, and the marine regions of the service (PA Pacific, AT Atlantic, GM Gulf). */
const regions: Readonly<Record<string, { readonly marine: string; readonly states: readonly string[] }>> = {
  'US-West': { marine: 'PA', states: ['CA', 'OR', 'WA'] },
  'US-East': { marine: 'AT', states: ['NY', 'NJ', 'PA', 'MD', 'VA', 'NC', 'SC', 'GA'] },
  Gulf: { marine: 'GM', states: ['TX', 'LA', 'MS', 'AL', 'FL'] },
}

/** https://www.weather.gov/documentation/services-web-api: `{total, land, marine, regions: {AT: n}, areas: {TX: n}, zones}`; what is absent is 0. */
export const weather: MoatSource = {
  name: 'weather',
  moat: 'logistics',
  url: 'https://api.weather.gov',
  env: 'MYCELIA_WEATHER_URL',
  intervalMs: 2_000,
  pollMs: 300_000,
  headers: { accept: 'application/ld+json' },
  questions: [
    {
      path: () => '/alerts/active/count',
      read: answer => Object.fromEntries(Object.keys(regions).map(stream => [stream, alertsOf(answer, stream)])),
    },
  ],
}

function alertsOf(answer: unknown, stream: string): number | undefined {
  const region = regions[stream]
  if (region === undefined || numberAt(answer, 'total') === undefined) return undefined
  const states = region.states.reduce((sum, state) => sum + (numberAt(answer, 'areas', state) ?? 0), 0)
  return states + (numberAt(answer, 'regions', region.marine) ?? 0)
}
