/** The routes that one vantage point has seen to a host lately, so that siblings of equal cost are learnt and a change is told. */

import type { NetScan } from '../../market/index.js'

type Path = readonly (string | null)[]

interface KnownRoute {
  readonly path: Path
  lastSeen: number
}

export interface RouteMemory {
  readonly known: KnownRoute[]
  scans: number
  /** Hops of the route that was taken last. */
  hops: number
  /** A route seen once that is not known yet, and how often it came in a row. */
  candidate: { path: Path; times: number } | null
}

export function newRouteMemory(): RouteMemory {
  return { known: [], scans: 0, hops: 0, candidate: null }
}

/** How routes are learnt. */
export interface RouteSettings {
  /** Scans after which a route that was not taken is forgotten, and before which no change is told. */
  readonly routeScans: number
  /** Scans in a row over a route that is not known, which make it a change. */
  readonly routeTimes: number
}

export const latencyLimits = {
  /** Routes remembered between one vantage point and one host. */
  routesKnown: 64,
} as const

/**
 * Takes the route of a scan. By how many hops it is longer than the one before, where it is new and taken for the second time in a row;
 * else null. A hop that did not answer may be any router.
 */
export function observeRoute(memory: RouteMemory, { hops }: Pick<NetScan, 'hops'>, settings: RouteSettings): number | null {
  memory.scans++
  const path = hops.map(hop => hop.address)
  const known = memory.known.find(route => memory.scans - route.lastSeen <= settings.routeScans && isSame(route.path, path))
  if (known !== undefined) {
    known.lastSeen = memory.scans
    memory.candidate = null
    memory.hops = path.length
    return null
  }
  const learning = memory.scans <= settings.routeScans
  const again = memory.candidate !== null && isSame(memory.candidate.path, path)
  const times = again ? (memory.candidate?.times ?? 0) + 1 : 1
  memory.candidate = { path, times }
  if (!learning && times < settings.routeTimes) return null
  const before = memory.hops
  learn(memory, path, settings)
  return learning ? null : path.length - before
}

function learn(memory: RouteMemory, path: Path, { routeScans }: RouteSettings): void {
  const { known, scans } = memory
  const kept = known.filter(route => scans - route.lastSeen < routeScans).slice(-(latencyLimits.routesKnown - 1))
  known.splice(0, known.length, ...kept, { path, lastSeen: scans })
  memory.candidate = null
  memory.hops = path.length
}

function isSame(a: Path, b: Path): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && a[i] !== null && b[i] !== null) return false
  return true
}
