/** Prints that were not believed reach a person: in the log and as a notice, at most once a minute. */

import { expect, test } from 'vitest'
import { Alerts } from '../../src/world/live/operations/alerts.js'
import type { LiveLog } from '../../src/world/live/operations/log.js'
import type { RunNotices } from '../../src/world/live/operations/run-notices.js'
import type { LiveStatus } from '../../src/world/live/operations/status.js'

/** A live status in which so many prints were rejected. */
function status(seconds: number, rejected: Record<string, number>): LiveStatus {
  const world: Record<string, number> = { rejectedPrints: Object.values(rejected).reduce((a, b) => a + b, 0) }
  for (const [pair, n] of Object.entries(rejected)) world[`rejectedPrints.${pair}`] = n
  return {
    state: 'live',
    updatedAt: 1_000_000 + seconds * 1_000,
    stalePairs: [],
    conditions: [],
    dataEnded: [],
    linkDownSince: null,
    quarantined: [],
    counters: { feed: {}, transport: {}, world },
  } as unknown as LiveStatus
}

test('a rejected print is logged and sent with its pair, and those of the next minute together', () => {
  const said: string[] = []
  const logged: unknown[] = []
  const alerts = new Alerts(
    'lively',
    { event: (_: string, name: string, fields: unknown) => logged.push([name, fields]) } as unknown as LiveLog,
    { send: (_: string, __: string, text: string) => said.push(text) } as unknown as RunNotices,
  )
  // What a restart finds was told before it.
  new Alerts('lively', undefined, { send: () => expect.unreachable() } as unknown as RunNotices).status(status(0, { SOLUSD: 9 }))
  alerts.status(status(0, {}))
  alerts.status(status(1, { SOLUSD: 1 }))
  alerts.status(status(2, { SOLUSD: 2 }))
  alerts.status(status(60, { SOLUSD: 2, ADAUSD: 1 }))
  expect(said).toHaveLength(1)
  alerts.status(status(61, { SOLUSD: 2, ADAUSD: 1 }))
  alerts.status(status(200, { SOLUSD: 2, ADAUSD: 1 }))
  expect(said).toEqual([
    'lively: a print was far from the market and not believed; nothing filled there. So far: SOLUSD 1.',
    'lively: 2 prints were far from the market and not believed; nothing filled there. So far: SOLUSD 2, ADAUSD 1.',
  ])
  expect(logged).toEqual([
    ['rejected prints', { SOLUSD: 1 }],
    ['rejected prints', { SOLUSD: 2, ADAUSD: 1 }],
  ])
})
