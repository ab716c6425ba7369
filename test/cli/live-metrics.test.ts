/** A status as metrics: enough to be alarmed when a run is blind. */

import { expect, onTestFinished, test } from 'vitest'
import { serveLiveMetrics } from '../../src/cli/live-metrics.js'
import { described } from '../../src/world/live/operations/conditions.js'
import { facts, minutes, now, portfolio, position } from '../world/live-facts.js'

test('metrics tell link, stale pairs, age of data, last tick and bar, patterns, untraded signals, clock, last trade and losses', async () => {
  const server = await serveLiveMetrics(0, { listen: undefined, token: undefined })
  onTestFinished(() => server.close())
  const text = async () => (await fetch(server.url)).text()
  server.show(
    described(
      facts({
        linkDownSince: now - minutes(3),
        stalePairs: [{ pair: 'ADAUSD', state: 'stale', since: now - minutes(2) }],
        failedSources: [{ source: 'sec', since: now, reason: 'http 503' }],
        clockOffsetMs: -2_500,
        lastTrade: { tradeId: 't', portfolio: 'baseline', pair: 'SOLUSD', time: now - minutes(12), pnlUsd: 1, reason: 'stop' },
        lastBarEnd: now - 60_000,
        modelTime: now - 500,
        portfolios: { baseline: portfolio({ signals: 40, ignored: { standing: 25 }, positions: [position()] }) },
        search: { ...facts().search, inForce: 3, traded: 2 },
        counters: { feed: {}, transport: {}, world: { logUnwritten: 4, noticesFailed: 1 } },
      }),
    ),
  )
  const blind = await text()
  for (const line of [
    'mycelia_live 1',
    'mycelia_link_up 0',
    'mycelia_stale{pair="ADAUSD"} 1',
    'mycelia_stale{pair="SOLUSD"} 0',
    'mycelia_source_failing{source="sec"} 1',
    `mycelia_last_timestamp_seconds{what="data"} ${(now - 100) / 1_000}`,
    `mycelia_last_timestamp_seconds{what="tick"} ${(now - 500) / 1_000}`,
    `mycelia_last_timestamp_seconds{what="bar"} ${now / 1_000 - 60}`,
    `mycelia_last_timestamp_seconds{what="trade"} ${now / 1_000 - 720}`,
    'mycelia_patterns_in_force{which="all"} 3',
    'mycelia_patterns_in_force{which="traded"} 2',
    'mycelia_untraded_total{portfolio="baseline",reason="standing"} 25',
    'mycelia_signals_total{portfolio="baseline"} 40',
    'mycelia_open_positions{portfolio="baseline"} 1',
    'mycelia_clock_offset_seconds -2.5',
    'mycelia_world_total{what="logUnwritten"} 4',
    'mycelia_trouble{condition="link"} 1',
    'mycelia_trouble{condition="clock"} 1',
  ])
    expect(blind).toContain(`${line}\n`)
  server.show(described(facts({ state: 'warming', linkDownSince: null })))
  const well = await text()
  for (const line of [
    'mycelia_live 0',
    'mycelia_link_up 1',
    'mycelia_stale{pair="ADAUSD"} 0',
    'mycelia_clock_offset_seconds Nan',
  ])
    expect(well).toContain(`${line}\n`)
  expect(well).not.toMatch(/mycelia_source_failing\{|mycelia_trouble\{condition="link"/)
})
