/** The latency section of a report read off its page, and compared with what the test computes from the tables by itself. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell } from '../../src/core/index.js'
import { browserPath } from '../browser.js'
import { hour, start } from '../storage/makers.js'
import { openReport, type ReportPage } from './page-tables.js'
import { madeRun } from './report-runs.js'

type Row = Record<string, Cell>

const minute = hour / 60
const hosts = ['api.one.example', 'api.two.example']
const types = ['latency_anomaly', 'trend_shift'] as const

const scans: Row[] = Array.from({ length: 300 }, (_, i) => ({
  time: start + i * minute,
  host: hosts[i % 2] as string,
  vantage: 'here',
  rtt: i % 50 === 7 ? null : 20 + (i % 9),
  lost: 0,
  route: '10.0.0.1>10.0.0.2',
}))

const made = Array.from({ length: 40 }, (_, i) => ({
  signal_id: `s${i}`,
  type: types[i % 5 === 0 ? 1 : 0] as string,
  host: hosts[i % 2] as string,
  pair: i % 2 === 0 ? 'XXBTZUSD' : 'ADAUSD',
  direction: i % 3 === 0 ? 1 : -1,
  strength: 1,
  confidence: 0.5 + (i % 7) / 50,
  agent: 'LatencySignal-0',
  posted: i % 10 === 9,
  decided_at: start + i * 7 * minute,
  expires_at: start + (i * 7 + 10) * minute,
  horizon_bars: 30,
}))
/** Each is active first; some are acted on, the others expire. */
const changes: Row[] = made.flatMap((signal, i) => [
  { ...signal, state: 'active', time: signal.decided_at },
  { ...signal, state: i % 4 === 0 ? 'acted' : 'expired', time: signal.decided_at + minute },
])
const outcomes: Row[] = made.slice(0, 33).map((signal, i) => ({
  signal_id: signal.signal_id,
  time: signal.decided_at + 30 * minute,
  type: signal.type,
  posted: signal.posted,
  pair: signal.pair,
  confidence: signal.confidence,
  signed_return: ((i * 37) % 19) / 10_000 - 0.0008,
  right: ((i * 37) % 19) / 10_000 - 0.0008 > 0,
}))
const incidents: Row[] = [
  {
    id: 'i1',
    host: hosts[0] as string,
    name: 'Slow answers',
    impact: 'major',
    status: 'resolved',
    started_at: start + 61 * minute,
    resolved_at: start + 90 * minute,
    seen_at: start + 62 * minute,
  },
  {
    id: 'i2',
    host: hosts[1] as string,
    name: 'No answers',
    impact: 'critical',
    status: 'resolved',
    started_at: start + 9 * hour,
    resolved_at: start + 10 * hour,
    seen_at: start + 9 * hour,
  },
]
const right = outcomes.filter(o => o.right === true).length

describe.skipIf(browserPath === undefined)('on the page of a latency run', () => {
  let report: ReportPage
  const place = mkdtempSync(join(tmpdir(), 'mycelia-latency-'))
  const run = madeRun({
    out: join(place, 'run'),
    tables: {
      model: scans.map(({ time }, i) => ({ step: i + 1, time: Number(time), equity: 13 })),
      scans,
      latency_signals: changes,
      signal_outcomes: outcomes,
      incidents,
    },
    manifest: {
      summary: { accuracy: { matured: outcomes.length, right, share: right / outcomes.length, neededFor55: 617 } },
    },
  })
  beforeAll(async () => {
    report = await openReport(run)
  }, 60_000)
  afterAll(async () => {
    await report?.close()
    rmSync(place, { recursive: true, force: true })
  })

  const typeOf = ({ type, posted }: Row) => `${posted === true ? 'posted ' : ''}${type}`
  const share = (part: number, of: number) => `${((100 * part) / of).toFixed(1)} %`

  it('signals are counted by type, with what became and what came of them', async () => {
    const rows = await report.tableOf('Signals by type')
    expect(rows.map(row => row.type).sort()).toEqual([...new Set(made.map(typeOf))].sort())
    for (const row of rows) {
      const of = (state: string) => changes.filter(c => typeOf(c) === row.type && c.state === state).length
      expect([row.made, row['acted on'], row.expired]).toEqual([of('active'), of('acted'), of('expired')])
      const own = outcomes.filter(o => typeOf(o) === row.type)
      expect(row.matured).toBe(own.length)
      const mean = (column: string) => own.reduce((sum, o) => sum + Number(o[column]), 0) / own.length
      expect(String(row.right).replaceAll('\u00a0', ' ')).toBe(share(own.filter(o => o.right === true).length, own.length))
      expect(String(row.expected).replaceAll('\u00a0', ' ')).toBe(share(mean('confidence'), 1))
      expect(row['mean return, bp']).toEqual(expect.closeTo(1e4 * mean('signed_return'), 2))
    }
  })

  it('the share of right ones stands beside the signals that would tell it from a coin', async () => {
    const text = (await report.page.locator('.report').textContent())?.replaceAll('\u00a0', ' ') ?? ''
    expect(text).toContain(
      `${share(right, outcomes.length)} of ${outcomes.length} signals were right; 617 tell 55 % from a coin.`,
    )
    expect(text).toContain(`${scans.length} scans`)
  })

  it('the latest signals come first, each as it was made', async () => {
    const rows = await report.tableOf('Latest signals')
    expect(rows.map(row => [row.type, row.host, row.pair, row.says, row['acted on']])).toEqual(
      made
        .map((signal, i) => [
          typeOf(signal),
          signal.host,
          signal.pair,
          signal.direction === 1 ? 'rises' : 'falls',
          i % 4 === 0 ? 'yes' : 'no',
        ])
        .reverse(),
    )
  })

  it('an incident has the lead of the first falling signal of its host, or none', async () => {
    const rows = await report.tableOf('Incidents')
    const [slow, none] = ['Slow answers', 'No answers'].map(name => rows.find(row => row.incident === name))
    const began = Number(incidents[0]?.started_at)
    const falling = made.filter(s => s.host === hosts[0] && s.direction === -1).map(s => s.decided_at)
    const first = Math.min(...falling.filter(at => at >= began - 2 * hour && at <= Number(incidents[0]?.resolved_at)))
    expect(slow?.['lead, minutes']).toBe((began - first) / minute)
    expect(none?.['lead, minutes']).toBe('no signal')
    expect(report.said).toEqual([])
  })
})
