/** The made network: what happens to routes is in the truth that its manifest tells, and only what is planted moves prices. */
import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../src/core/index.js'
import { median } from '../../src/experiment/statistics/index.js'
import {
  type Bar,
  leastRttMs,
  type MarketSource,
  type MarketTick,
  type NetEvent,
  type NetOptions,
  type NetScan,
  network,
  scanProblem,
  scenarioMarket,
} from '../../src/market/index.js'

const pairs = ['XXBTZUSD', 'XETHZUSD', 'SOLUSD', 'ADAUSD']
const hosts = { 'a.example': ['XXBTZUSD', 'XETHZUSD'], 'b.example': ['SOLUSD'] }
const steps = 3_000

function marketOf(net: NetOptions, seed = 7): MarketSource {
  return scenarioMarket(network({ net: { hosts, ...net } }), { pairs, barMs: MINUTE_MS, seed })
}

function ticksOf(market: MarketSource, n = steps): MarketTick[] {
  return Array.from({ length: n }, () => market.next() as MarketTick)
}

const scansOf = (ticks: readonly MarketTick[]): NetScan[] =>
  ticks.flatMap(({ inputs }) => inputs.flatMap(input => (input.kind === 'scan' ? [input.scan] : [])))
const closesOf = (ticks: readonly MarketTick[], pair: string): number[] =>
  ticks.flatMap(({ inputs }) =>
    inputs.flatMap(input => (input.kind === 'bar' && input.bar.pair === pair ? [input.bar.close] : [])),
  )
function truthOf(market: MarketSource): NetEvent[] {
  return (market.describe().network as { truth: { events: NetEvent[] } }).truth.events
}

/** The median of the shortest round trips to a host from a vantage point within a span. */
function rttWithin(
  scans: readonly NetScan[],
  { host, vantage }: { host: string; vantage: string },
  from: number,
  to: number,
): number {
  const seen = scans.filter(s => s.host === host && s.vantage === vantage && s.time >= from && s.time < to)
  return median(seen.map(s => leastRttMs(s) ?? Number.POSITIVE_INFINITY))
}

const vantages = ['Frankfurt', 'New-York', 'Singapore']
const loud: NetOptions = {
  outages: { perDay: 4, dark: 0 },
  degradations: { perDay: 0 },
  reroutes: { perDay: 0 },
  vantageTroubles: { perDay: 0 },
}
const market = marketOf(loud)
const ticks = ticksOf(market)
const scans = scansOf(ticks)

describe('the made network', () => {
  it('scans every host from every vantage point at its cadence, and never brings a scan that may not be believed', () => {
    expect(scans).toHaveLength((steps / 2) * 3 * 2)
    const last = new Map<string, number>()
    const problems = scans.map(scan => {
      const key = `${scan.host} ${scan.vantage}`
      const before = last.get(key)
      last.set(key, scan.time)
      return scanProblem(scan, { hosts: new Set(Object.keys(hosts)), now: scan.time, last: before })
    })
    expect(problems.filter(problem => problem !== undefined)).toEqual([])
  })

  it('D3: goes on from a saved state as if nothing had happened, and D5: another seed gives another network', () => {
    const first = marketOf({})
    ticksOf(first, 300)
    const again = marketOf({})
    again.restore(structuredClone(first.save()))
    expect(ticksOf(again, 100)).toEqual(ticksOf(first, 100))
    expect(scansOf(ticksOf(marketOf({}, 8), 4))).not.toEqual(scansOf(ticksOf(marketOf({}, 7), 4)))
  })

  it('does at every vantage point what its truth says: a host answers at least nearly twice as late while an outage is on', () => {
    const end = (ticks.at(-1) as MarketTick).time
    const outages = truthOf(market).filter(e => e.kind === 'outage' && e.end < end)
    expect(outages.length).toBeGreaterThan(5)
    for (const { host, start, end, factor } of outages)
      for (const vantage of vantages) {
        const place = { host: host as string, vantage }
        const usual = rttWithin(scans, place, start - 40 * MINUTE_MS, start)
        expect(rttWithin(scans, place, start, end) / usual).toBeGreaterThan(0.9 * factor)
        expect(rttWithin(scans, place, end, end + 30 * MINUTE_MS) / usual).toBeLessThan(1.2)
      }
  })

  it('moves only the pairs of the host of a planted outage: after its lead down, after its end up again', () => {
    const silent = ticksOf(marketOf({ ...loud, planted: { move: 0 } }))
    const planted = truthOf(market).filter(e => e.planted)
    expect(truthOf(marketOf({ ...loud, planted: { move: 0 } })).some(e => e.planted)).toBe(false)
    const start = (ticks[0] as MarketTick).time
    const barOf = (time: number) => Math.ceil((time - start) / MINUTE_MS)
    const ratio = (pair: string, time: number) =>
      (closesOf(ticks, pair)[barOf(time)] as number) / (closesOf(silent, pair)[barOf(time)] as number)
    const { host, start: from, end, leadMs } = planted.find(e => e.host === 'b.example' && e.end < start + 2 * DAY_MS) as NetEvent
    expect(host).toBe('b.example')
    const before = ratio('SOLUSD', from + leadMs - MINUTE_MS)
    expect(ratio('SOLUSD', from + leadMs + 16 * MINUTE_MS) / before).toBeCloseTo(0.997, 6)
    expect(ratio('SOLUSD', end + leadMs + 16 * MINUTE_MS) / before).toBeCloseTo(0.997 * 1.003, 6)
    expect(closesOf(ticks, 'ADAUSD')).toEqual(closesOf(silent, 'ADAUSD'))
    expect(scansOf(silent)).toEqual(scans)
  })

  it('keeps every bar whole: no price of a bar lies outside its low and high', () => {
    const bars = ticks.flatMap(({ inputs }) => inputs.flatMap(input => (input.kind === 'bar' ? [input.bar] : [])))
    const isWhole = ({ open, high, low, close }: Bar) => low <= Math.min(open, close) && high >= Math.max(open, close)
    expect(bars.filter(bar => !isWhole(bar))).toEqual([])
  })

  it('lets one vantage point alone see trouble near it, and silences its gateway where it hears nothing', () => {
    const quiet: NetOptions = {
      outages: { perDay: 0 },
      degradations: { perDay: 0 },
      reroutes: { perDay: 0 },
      rateLimits: { perDay: 0 },
    }
    const near = marketOf({ ...quiet, vantageTroubles: { perDay: 6, dark: 0.5 } })
    const seen = scansOf(ticksOf(near))
    const troubles = truthOf(near).filter(e => e.end < (seen.at(-1) as NetScan).time)
    const dark = troubles.find(e => e.dark) as NetEvent
    const within = seen.filter(s => s.time >= dark.start && s.time < dark.end && s.vantage === dark.vantage)
    expect(within.every(s => !s.gateway && leastRttMs(s) === null)).toBe(true)
    const slow = troubles.find(e => !e.dark) as NetEvent
    const other = vantages.find(
      v => !troubles.some(e => e.vantage === v && e.start < slow.end && e.end > slow.start - 40 * MINUTE_MS),
    ) as string
    const during = (vantage: string) => {
      const usual = rttWithin(seen, { host: 'a.example', vantage }, slow.start - 40 * MINUTE_MS, slow.start)
      return rttWithin(seen, { host: 'a.example', vantage }, slow.start, slow.end) / usual
    }
    expect(during(slow.vantage as string)).toBeGreaterThan(1.8)
    expect(during(other)).toBeLessThan(1.2)
  })

  it('refuses a cadence between two bars, a pair that is not of the run, and bounds the wrong way round', () => {
    expect(() => marketOf({ everyMs: 90_000 })).toThrow('everyMs')
    expect(() => marketOf({ hosts: { 'a.example': ['SOLUSDX'] } })).toThrow('SOLUSDX')
    expect(() => marketOf({ planted: { lead: [15, 10] } })).toThrow('planted.lead')
  })
})
