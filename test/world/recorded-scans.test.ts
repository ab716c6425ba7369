/** Scans that were written down are a source: beside candles of their time, once each, and in their order. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { netTraceScenario } from '../../src/agents/index.js'
import { scanBody } from '../../src/feed/index.js'
import { type NetScan, network, ScansBeside, TickMarket } from '../../src/market/index.js'
import { run } from '../../src/world/index.js'

const origin = Date.UTC(2026, 0, 1)
const minute = 60_000
const host = 'api.coinbase.com'
const scan = (vantage: string, time: number, rttMs: number): NetScan => ({
  host,
  vantage,
  time,
  hops: [{ ttl: 1, address: '10.0.0.1', rttMs: 1 }],
  probesMs: [rttMs],
  gateway: true,
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-scans-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

it('each scan comes once, at the first tick that is not before it, also after a resume; those from before the first bar do not', () => {
  const ticks = [1, 2, 3].map(n => ({ time: origin + n * minute, step: true, inputs: [] }))
  const times = [-90_000, 30_000, 60_000, 61_000, 170_000, 500_000]
  const scans = times.map(ms => scan('home', origin + ms, 20))
  const make = () => new ScansBeside(new TickMarket({ ticks, pairs: [], barMs: minute }), scans)
  const market = make()
  const taken = (of: ScansBeside) => of.next()?.inputs.map(input => (input.kind === 'scan' ? input.scan.time - origin : 0))
  expect(taken(market)).toEqual([30_000, 60_000])
  const saved = market.save()
  expect(taken(market)).toEqual([61_000])
  const again = make()
  again.restore(saved)
  expect(taken(again)).toEqual([61_000])
  expect(taken(again)).toEqual([170_000])
  expect(again.next()).toBeUndefined()
})

it('a file of scans beside candles runs, lines that hold none are counted, and without prices it is refused', async () => {
  const place = folder()
  const bars = Array.from({ length: 90 }, (_, i) => `${origin / 1_000 + i * 60},100,100.5,99.5,${100 + (i % 3) * 0.1},10,5`)
  writeFileSync(join(place, 'SOLUSD_1.csv'), `${bars.join('\n')}\n`)
  const lines = Array.from({ length: 85 }, (_, i) =>
    ['home', 'far'].map(vantage =>
      JSON.stringify(scanBody(scan(vantage, origin + i * minute + 5_000, i >= 50 && i < 60 ? 70 : 20 + (i % 4) * 0.1))),
    ),
  ).flat()
  const scans = join(place, 'scans.jsonl')
  writeFileSync(scans, `${[...lines, 'no scan', '{"host":"x"}'].join('\n')}\n`)
  const scenario = netTraceScenario({ name: 'recorded', title: 'Recorded scans', market: network() })
  const params = { hosts: { [host]: ['SOLUSD'] }, pairs: ['SOLUSD'], vantages: ['home', 'far'] }
  const request = { scenario, params, scans, timeframe: '1m', root: place }
  const result = await run({ ...request, market: join(place, 'SOLUSD_1.csv') })
  expect(result).toMatchObject({ steps: 90, rejectedInputs: 2, scans: { taken: 170 } })
  expect(result.latencySignals).toMatchObject({ active: expect.any(Number), acted: 0 })
  expect(result.hypotheses).toContainEqual(expect.objectContaining({ type: 'latency_anomaly', units: 1 }))
  await expect(run(request)).rejects.toThrow(/`scans`: expected `market` beside a file of scans/)
  await expect(run({ ...request, market: place, timeframe: '15m' })).rejects.toThrow(
    /a file of `scans`: expected bars of 5m at most.*got "bars of 15m"/,
  )
  await expect(run({ ...request, scans: result.runDir })).rejects.toThrow(/expected a live run in one process/)
})
