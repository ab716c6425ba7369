/** The hop graph of the made network: the routes from a vantage point to a host, with what each link takes. */

import { type Root, Stream } from '../../core/index.js'
import type { NetSettings } from './net-options.js'

/** One route: the routers on it and the round-trip time to each without jitter, ms. */
export interface Route {
  readonly addresses: readonly string[]
  readonly baseMs: readonly number[]
}

/** The routes between one vantage point and one host: four ways, each over one of two siblings at two places (ECMP). */
export interface Routes {
  /** By way (0 the usual one, 1 one hop more, 2 one hop less, 3 a detour) and by siblings, 0 to 3. */
  readonly ways: readonly (readonly Route[])[]
  /** Hops to where trouble near the vantage point begins, and from the end to where trouble at the host begins. */
  readonly nearHop: number
  readonly farHops: number
}

/** The second and third hop are the provider's, the last two the exchange's. */
const NEAR_HOP = 1
const FAR_HOPS = 2
const SIBLINGS = 4

/** Draws the graph: the same for a seed, whatever happens on it. */
export function drawRoutes({ hosts, vantages }: NetSettings, root: Root): Routes[][] {
  return vantages.map((_, v) => Object.keys(hosts).map((_, h) => routesBetween(v, h, new Stream(root, `net:graph:${v}:${h}`))))
}

function routesBetween(v: number, h: number, rng: Stream): Routes {
  const near = [
    { address: `10.${v}.0.1`, ms: rng.between(0.3, 1.5) },
    { address: `100.64.${v}.1`, ms: rng.between(1, 5) },
  ]
  const core = rng.between(5, 40)
  const border = rng.between(3, 20)
  const far = [
    { address: `203.0.113.${h * 8 + 1}`, ms: rng.between(1, 5) },
    { address: `203.0.113.${h * 8 + 2}`, ms: rng.between(0.2, 1) },
  ]
  const transit = [
    [{ address: `198.51.100.${h * 8 + 1}`, ms: border }],
    [
      { address: `198.51.100.${h * 8 + 2}`, ms: border * 0.6 },
      { address: `198.51.100.${h * 8 + 3}`, ms: border * 0.45 },
    ],
    [],
    [
      { address: `198.51.100.${h * 8 + 4}`, ms: border * 0.5 },
      { address: `198.51.100.${h * 8 + 5}`, ms: border * 0.4 },
      { address: `198.51.100.${h * 8 + 6}`, ms: border * 0.4 },
    ],
  ]
  // Without the transit hop the core's links take what it took, nearly.
  const coreMs = [core, core, core + border * 0.95, core]
  const ways = transit.map((hops, way) =>
    Array.from({ length: SIBLINGS }, (_, siblings) => {
      const [first, second] = [siblings & 1, siblings >> 1]
      return routeOf([
        ...near,
        { address: `100.65.${v}.${first + 1}`, ms: (coreMs[way] as number) / 2 + first * 0.1 },
        { address: `100.66.${v}.${second + 1}`, ms: (coreMs[way] as number) / 2 + second * 0.1 },
        ...hops,
        ...far,
      ])
    }),
  )
  return { ways, nearHop: NEAR_HOP, farHops: FAR_HOPS }
}

function routeOf(links: readonly { readonly address: string; readonly ms: number }[]): Route {
  let ms = 0
  return {
    addresses: links.map(link => link.address),
    baseMs: links.map(link => {
      ms += link.ms
      return ms
    }),
  }
}
