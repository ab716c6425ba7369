/** A scan: what one vantage point saw of the route to one host, and why a scan may not be believed. */

import type { TimeMs } from '../../core/index.js'

/** One hop of a route; null where nothing answered. */
export interface NetHop {
  /** 1, 2, 3 … from the vantage point. */
  readonly ttl: number
  readonly address: string | null
  readonly rttMs: number | null
}

/** One measurement of the route from a vantage point to a host. */
export interface NetScan {
  readonly host: string
  readonly vantage: string
  readonly time: TimeMs
  readonly hops: readonly NetHop[]
  /** Round-trip times of the probes that were sent to the host; null: no answer. */
  readonly probesMs: readonly (number | null)[]
  /** Whether the vantage point's own gateway answered. Where it did not, silence says nothing of the host. */
  readonly gateway: boolean
  /** When a public service that tells results minutes late was asked; undefined: the scan came as it was taken. */
  readonly heardAt?: TimeMs
}

/** What a scan may hold. */
export const scanLimits = {
  /** Longest round trip that is believed, ms. */
  rttMs: 60_000,
  /** Most hops of a route. */
  hops: 64,
  /** Most probes to the host. */
  probes: 100,
  /** Most that a scan's time may differ from the time at which it is received, ms. */
  clockMs: 300_000,
  /** How old the result of a public service may be when it is heard, ms. */
  ageMs: 3_600_000,
} as const

/** Why a scan is not believed, in words. */
export const scanProblems = {
  unknownHost: 'the host is not listed',
  rttUnknown: 'a round-trip time is not a number',
  rttNegative: 'a round-trip time is below 0',
  rttTooLong: 'a round-trip time is above 60 s',
  noHops: 'the route has no hops',
  tooManyHops: 'the route has more than 64 hops, or the host was probed more than 100 times',
  hopOrder: 'the hops are out of order',
  clockStep: 'its time does not follow that of the scan before, or is minutes from now',
  tooOld: 'it was taken more than an hour before it was heard',
  vantageDown: 'nothing answered, not even the gateway of the vantage point',
} as const
/** The code of a reason why a scan is not believed. */
export type ScanProblem = keyof typeof scanProblems

/** What a scan is checked against. */
export interface ScanContext {
  readonly hosts: { has(host: string): boolean }
  readonly now: TimeMs
  /** The time of the scan before, of the same host by the same vantage point; undefined: it is the first. */
  readonly last: TimeMs | undefined
}

/** Why a scan is not believed; undefined where it is. */
export function scanProblem(scan: NetScan, { hosts, now, last }: ScanContext): ScanProblem | undefined {
  if (!hosts.has(scan.host)) return 'unknownHost'
  return timeProblem(scan, now, last) ?? routeProblem(scan) ?? silence(scan)
}

/** What was made of the scans of one taker. */
export interface ScanRecord {
  scans: number
  /** Scans that were not believed, by reason. */
  readonly rejected: Partial<Record<ScanProblem, number>>
  /** The time of the last scan that was believed, by the place it is kept under. */
  readonly last: Map<string, TimeMs>
}

/** Counts a scan, and says whether it may be believed. `place`: what its times must follow one another in. */
export function believeScan(record: ScanRecord, scan: NetScan, context: Omit<ScanContext, 'last'>, place: string): boolean {
  const { rejected, last } = record
  const problem = scanProblem(scan, { ...context, last: last.get(place) })
  if (problem !== undefined) {
    rejected[problem] = (rejected[problem] ?? 0) + 1
    return false
  }
  record.scans++
  last.set(place, scan.time)
  return true
}

function timeProblem({ time, heardAt = time }: NetScan, now: TimeMs, last: TimeMs | undefined): ScanProblem | undefined {
  const follows = last === undefined || time > last
  if (!follows || time - heardAt > scanLimits.clockMs || Math.abs(heardAt - now) > scanLimits.clockMs) return 'clockStep'
  return heardAt - time <= scanLimits.ageMs ? undefined : 'tooOld'
}

function routeProblem({ hops, probesMs }: NetScan): ScanProblem | undefined {
  if (hops.length === 0) return 'noHops'
  if (hops.length > scanLimits.hops || probesMs.length > scanLimits.probes) return 'tooManyHops'
  let before = 0
  for (const { ttl, rttMs } of hops) {
    if (!(ttl > before) || !Number.isInteger(ttl)) return 'hopOrder'
    before = ttl
    const problem = rttProblem(rttMs)
    if (problem !== undefined) return problem
  }
  // A hop number beyond the bound is as wrong as so many hops.
  if (before > scanLimits.hops) return 'tooManyHops'
  for (const rtt of probesMs) {
    const problem = rttProblem(rtt)
    if (problem !== undefined) return problem
  }
  return undefined
}

function rttProblem(rttMs: number | null): ScanProblem | undefined {
  if (rttMs === null) return undefined
  if (!(typeof rttMs === 'number') || Number.isNaN(rttMs)) return 'rttUnknown'
  if (rttMs < 0) return 'rttNegative'
  return rttMs > scanLimits.rttMs ? 'rttTooLong' : undefined
}

/** Silence is the host's only where the vantage point itself is heard. */
function silence({ gateway, probesMs }: NetScan): ScanProblem | undefined {
  return !gateway && probesMs.every(rtt => rtt === null) ? 'vantageDown' : undefined
}

/** The shortest round trip to the host, ms; null where no probe was answered. */
export function leastRttMs({ probesMs }: NetScan): number | null {
  let least: number | null = null
  for (const rtt of probesMs) if (rtt !== null && (least === null || rtt < least)) least = rtt
  return least
}
