/** Estimators of latency: what a detector finds, what it must not find, and what a confidence says. */
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import { type NetScan, type ScanProblem, scanProblem } from '../../src/market/index.js'
import {
  type Calibration,
  confidenceOf,
  detect,
  type HostDetector,
  kindOf,
  learnOutcome,
  type NetFinding,
  newDetector,
  signalsNeeded,
  standardDetector,
} from '../../src/trading/index.js'
import { addToWindow, deviationOf, medianOf, newRobustWindow } from '../../src/trading/latency/robust-window.js'
import { slopeInterval, theilSenSlope } from '../../src/trading/latency/slope.js'

const rng = new Stream(rootOf(1), 'latency')
const vantages = ['v1', 'v2', 'v3']

interface Seen {
  /** Round trip, ms; null: no answer. */
  rtt?: number | null
  path?: (string | null)[]
  gateway?: boolean
}

const usualPath = ['gw', 'isp', 'core', 'border', 'host']

/** Scans of all vantage points at one instant: `seen` says of each what it finds. */
function scansAt(n: number, seen: (vantage: string, n: number) => Seen): NetScan[] {
  return vantages.map(vantage => {
    const { rtt = 50, path = usualPath, gateway = true } = seen(vantage, n)
    const jitter = () => 1 + 0.005 * rng.float()
    return {
      host: 'h',
      vantage,
      time: n * 120_000,
      hops: path.map((address, i) => ({ ttl: i + 1, address, rttMs: address === null ? null : 10 * (i + 1) })),
      probesMs: [1, 2, 3].map(() => (rtt === null ? null : rtt * jitter())),
      gateway,
    }
  })
}

/** What is found, with the number of the scan. */
function watched(scans: number, seen: (vantage: string, n: number) => Seen): (NetFinding & { n: number })[] {
  const detector: HostDetector = newDetector()
  const found: (NetFinding & { n: number })[] = []
  for (let n = 1; n <= scans; n++)
    for (const finding of detect(detector, scansAt(n, seen), { settings: standardDetector, rng, weight: () => 0.5 }))
      found.push({ ...finding, n })
  return found
}

describe('windows and trends', () => {
  it('has the median and median absolute deviation that their definitions give, at every value', () => {
    const window = newRobustWindow(9)
    const all: number[] = []
    const middle = (xs: number[]) => {
      const s = [...xs].sort((a, b) => a - b)
      const half = s.length >> 1
      return s.length % 2 === 1 ? (s[half] as number) : ((s[half - 1] as number) + (s[half] as number)) / 2
    }
    for (let i = 0; i < 300; i++) {
      const x = Math.round(rng.normal() * 5) / 2 + 0
      addToWindow(window, x)
      all.push(x)
      const last = all.slice(-9)
      expect(medianOf(window)).toBeCloseTo(middle(last), 12)
      expect(deviationOf(window)).toBeCloseTo(middle(last.map(v => Math.abs(v - middle(last)))), 12)
    }
  })

  it('finds the slope of a line through a wild value, and an interval that holds it', () => {
    const line = Array.from({ length: 20 }, (_, i) => 3 + 0.5 * i + (i === 7 ? 40 : 0) + 0.01 * rng.normal())
    const slope = theilSenSlope(line)
    expect(slope).toBeCloseTo(0.5, 2)
    const noisy = Array.from({ length: 20 }, (_, i) => 0.1 * i + rng.normal())
    const [low, high] = slopeInterval(noisy, theilSenSlope(noisy), { resamples: 200, block: 4, level: 0.95 }, rng)
    expect(low).toBeLessThan(0.1)
    expect(high).toBeGreaterThan(0.1)
  })
})

describe('a detector', () => {
  it('finds nothing on a quiet route, over siblings of equal cost, and with a hop that limits its answers', () => {
    const siblings = (_: string, n: number): Seen => ({
      path: ['gw', 'isp', `core${(n * 7) % 2}`, n % 3 === 0 ? null : `border${(n * 5) % 2}`, 'host'],
      rtt: 50 + (n % 2),
    })
    expect(watched(400, () => ({}))).toEqual([])
    expect(watched(400, siblings)).toEqual([])
  })

  it('finds a doubled round trip within two scans, as a fall, and its end as a rise', () => {
    const found = watched(160, (_, n) => ({ rtt: n > 80 && n <= 100 ? 100 : 50 })).filter(f => f.type === 'latency_anomaly')
    expect(found.map(({ n, direction }) => [n, direction])).toEqual([
      [82, -1],
      [102, 1],
    ])
    expect(found[0]?.strength).toBeCloseTo(Math.log(2), 2)
  })

  it('finds nothing where one vantage point alone is late, or one scan alone', () => {
    expect(watched(160, (v, n) => ({ rtt: n > 80 && v === 'v1' ? 300 : 50 }))).toEqual([])
    expect(watched(160, (_, n) => ({ rtt: n === 80 ? 300 : 50 }))).toEqual([])
  })

  it('takes silence for an outage where two vantage points agree, and not where one does', () => {
    const silent = (agree: number) => watched(120, (v, n) => ({ rtt: n > 80 && vantages.indexOf(v) < agree ? null : 50 }))
    expect(silent(2).map(f => [f.type, f.direction, f.n])).toContainEqual(['latency_anomaly', -1, 82])
    expect(silent(1)).toEqual([])
  })

  it('finds a slow change for the worse as a trend, and what has lasted twice the window is usual: its end is no rise', () => {
    const found = watched(420, (_, n) => ({ rtt: n <= 100 ? 50 : Math.min(50 * Math.exp(0.006 * (n - 100)), 90) }))
    expect(found.filter(f => f.type === 'trend_shift').map(f => f.direction)).toContain(-1)
    const lasting = watched(420, (_, n) => ({ rtt: n <= 100 ? 50 : 100 })).filter(f => f.type === 'latency_anomaly')
    expect(lasting.map(f => f.direction)).toEqual([-1])
  })

  it('finds what lasts once, though one vantage point is late first and has it for usual first', () => {
    const begins = { v1: 100, v2: 120, v3: 125 } as Record<string, number>
    const lasting = watched(420, (v, n) => ({ rtt: n <= (begins[v] as number) ? 50 : 100 }))
    expect(lasting.filter(f => f.type === 'latency_anomaly').map(f => [f.n, f.direction])).toEqual([[122, -1]])
  })

  it('does not count a vantage point that has fallen silent', () => {
    const scans = (n: number) =>
      scansAt(n, v => ({ rtt: (v === 'v1' && n > 80) || (v === 'v2' && n > 150) ? 300 : 50 })).filter(
        ({ vantage }) => vantage !== 'v1' || n <= 85,
      )
    const detector = newDetector()
    const context = { settings: standardDetector, rng, weight: () => 0.5 }
    const found = Array.from({ length: 200 }, (_, i) => detect(detector, scans(i + 1), context)).flat()
    expect(found).toEqual([])
  })

  it('finds a route of more hops as a fall, of fewer as a rise, of as many as nothing, each after two scans', () => {
    const longer = ['gw', 'isp', 'core', 'x', 'y', 'host']
    const found = watched(300, (_, n) => ({ path: n > 90 && n <= 200 ? longer : usualPath }))
    expect(found.filter(f => f.type === 'route_change').map(({ n, direction }) => [n, direction])).toEqual([
      [92, -1],
      [202, 1],
    ])
    expect(watched(200, (_, n) => ({ path: n > 90 ? ['gw', 'isp', 'core', 'other', 'host'] : usualPath }))).toEqual([])
  })

  it('finds a composite where two types agree, once', () => {
    const late = watched(120, (_, n) => (n > 80 ? { rtt: 120, path: ['gw', 'isp', 'core', 'x', 'y', 'host'] } : {}))
    expect(late.filter(f => f.type === 'composite').map(f => [f.n, f.direction])).toEqual([[82, -1]])
  })
})

describe('a scan that may not be believed', () => {
  const good = (scansAt(5, () => ({})) as [NetScan])[0]
  const context = { hosts: new Set(['h']), now: good.time, last: good.time - 120_000 }
  const hop = (ttl: number, rttMs: number | null = 1) => ({ ttl, address: 'x', rttMs })
  const bad: [string, Partial<NetScan>, ScanProblem][] = [
    ['of a host that is not listed', { host: 'other' }, 'unknownHost'],
    ['with a round trip that is no number', { probesMs: [Number.NaN, 1, 2] }, 'rttUnknown'],
    ['with a hop whose round trip is no number', { hops: [hop(1, Number.NaN)] }, 'rttUnknown'],
    ['with a negative round trip', { probesMs: [-1] }, 'rttNegative'],
    ['with a round trip above a minute', { probesMs: [60_001] }, 'rttTooLong'],
    ['without hops', { hops: [] }, 'noHops'],
    ['with 255 hops', { hops: Array.from({ length: 255 }, (_, i) => hop(i + 1)) }, 'tooManyHops'],
    ['with hops out of order', { hops: [hop(2), hop(1)] }, 'hopOrder'],
    ['from before the last one', { time: good.time - 120_000 }, 'clockStep'],
    ['from minutes ahead', { time: good.time + 300_001 }, 'clockStep'],
    ['of a vantage point that hears nothing at all', { probesMs: [null, null], gateway: false }, 'vantageDown'],
  ]
  it.each(bad)('is refused: one %s', (_, change, problem) => expect(scanProblem({ ...good, ...change }, context)).toBe(problem))

  it('is not one at the bounds: no answer of the host alone, 60 s, 64 hops', () => {
    expect(scanProblem(good, context)).toBeUndefined()
    expect(scanProblem({ ...good, probesMs: [null, null, null] }, context)).toBeUndefined()
    expect(scanProblem({ ...good, probesMs: [60_000] }, context)).toBeUndefined()
    expect(scanProblem({ ...good, hops: Array.from({ length: 64 }, (_, i) => hop(i + 1)) }, context)).toBeUndefined()
  })
})

describe('a confidence', () => {
  it('starts at one half, below every limit, and becomes the share of right ones, within 0.40 and 0.95', () => {
    const calibration: Calibration = new Map()
    expect(confidenceOf(calibration, 'a|weak')).toBe(0.5)
    for (let i = 0; i < 1_000; i++) learnOutcome(calibration, 'a|weak', i % 10 < 7)
    expect(confidenceOf(calibration, 'a|weak')).toBeCloseTo(0.7, 2)
    expect(confidenceOf(calibration, 'b|weak')).toBe(0.5)
    for (let i = 0; i < 1_000; i++) learnOutcome(calibration, 'never|weak', false)
    for (let i = 0; i < 1_000; i++) learnOutcome(calibration, 'always|weak', true)
    expect([confidenceOf(calibration, 'never|weak'), confidenceOf(calibration, 'always|weak')]).toEqual([0.4, 0.95])
  })

  it('of a strength that is not known yet is that of its type', () => {
    const calibration: Calibration = new Map()
    for (let i = 0; i < 1_000; i++) learnOutcome(calibration, 'a|weak', i % 10 < 7)
    expect(confidenceOf(calibration, 'a|strong')).toBeCloseTo(0.7, 2)
    expect(confidenceOf(calibration, 'b|strong')).toBe(0.5)
  })

  it('counts what says the same as parts of one outcome', () => {
    const [apart, together]: [Calibration, Calibration] = [new Map(), new Map()]
    for (let i = 0; i < 10; i++) learnOutcome(apart, 'a|weak', true)
    for (let i = 0; i < 30; i++) learnOutcome(together, 'a|weak', true, 1 / 3)
    expect(confidenceOf(together, 'a|weak')).toBeCloseTo(confidenceOf(apart, 'a|weak'), 9)
  })

  it('is of the type and the strength, and of other places by itself', () => {
    const kinds = [
      kindOf({ type: 'latency_anomaly', strength: 0.4 }),
      kindOf({ type: 'latency_anomaly', strength: 0.7 }),
      kindOf({ type: 'latency_anomaly', strength: 1.4 }),
      kindOf({ type: 'latency_anomaly', strength: 1.4, posted: true }),
      kindOf({ type: 'route_change', strength: 0.4 }),
    ]
    expect(new Set(kinds).size).toBe(5)
  })

  it('of 55 % needs 617 outcomes to be told from chance, one-sided at 5 % with power 80 %', () =>
    expect(signalsNeeded(0.55)).toBe(617))
})
