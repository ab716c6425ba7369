/** Scans of the made network: what probes over a route would find while events are on. */

import { DAY_MS, HOUR_MS, math, type Root, Stream, type TimeMs } from '../../core/index.js'
import type { EventClock, NetEvent } from './events.js'
import { hoursOf, type NetSettings } from './net-options.js'
import { drawRoutes, type Routes } from './routes.js'
import type { NetHop, NetScan } from './scan.js'

/** Probes to each hop and to the host, as `traceroute -q 3` sends them. */
const PROBES = 3
/** Share of probes that a router with a rate limit answers. */
const ANSWERED_UNDER_LIMIT = 0.1
/** Hops that are tried where nothing answers. */
const SILENT_HOPS = 12

/** What is wrong between one vantage point and one host, now. */
interface State {
  route: number
  nearFactor: number
  farFactor: number
  nearDark: boolean
  farDark: boolean
  limited: boolean
}

export class Prober {
  readonly rng: Stream
  private readonly routes: readonly (readonly Routes[])[]
  private readonly hosts: readonly string[]
  private readonly phases: readonly number[]

  constructor(
    private readonly settings: NetSettings,
    root: Root,
  ) {
    this.rng = new Stream(root, 'net:scans')
    this.routes = drawRoutes(settings, root)
    this.hosts = Object.keys(settings.hosts)
    const phases = new Stream(root, 'net:load')
    this.phases = settings.vantages.map(() => phases.between(0, 24))
  }

  /** Every host, scanned by every vantage point at one instant. */
  scanAll(time: TimeMs, clocks: readonly EventClock[], take: (scan: NetScan) => void): void {
    const on = clocks.filter(clock => clock.isOn(time)).map(clock => clock.next)
    this.settings.vantages.forEach((vantage, v) => {
      const load = this.loadAt(time, v)
      this.hosts.forEach((host, h) => {
        const state = on.length === 0 ? undisturbed : stateOf(on, { host, vantage, time })
        take(this.scan({ host, vantage, time, routes: (this.routes[v] as readonly Routes[])[h] as Routes, load }, state))
      })
    })
  }

  private scan({ host, vantage, time, routes, load }: Task, state: State): NetScan {
    const { rng } = this
    if (state.nearDark) return { host, vantage, time, hops: silentHops(1), probesMs: noAnswers, gateway: false }
    const siblings = rng.int(4)
    const { addresses, baseMs } = (routes.ways[state.route] as Routes['ways'][number])[siblings] as {
      addresses: readonly string[]
      baseMs: readonly number[]
    }
    const last = addresses.length - 1
    const totalMs = baseMs[last] as number
    const nearMs = (state.nearFactor - 1) * totalMs
    const farMs = (state.farFactor - 1) * totalMs
    const far = addresses.length - routes.farHops
    // The hop in the middle that answers few probes is one before the exchange's own.
    const limited = state.limited ? far - 1 : -1
    const hops: NetHop[] = []
    for (let i = 0; i < (state.farDark ? far : addresses.length); i++) {
      const delayMs = (i >= routes.nearHop ? nearMs : 0) + (i >= far ? farMs : 0)
      const rtt = this.probe((baseMs[i] as number) * load + delayMs, i + 1, i === limited)
      hops.push({ ttl: i + 1, address: rtt === null ? null : (addresses[i] as string), rttMs: rtt })
    }
    if (state.farDark) return { host, vantage, time, hops: [...hops, ...silentHops(far + 1)], probesMs: noAnswers, gateway: true }
    const probesMs: (number | null)[] = []
    for (let n = 0; n < PROBES; n++)
      probesMs.push(rng.chance(this.settings.loss) ? null : totalMs * load + nearMs + farMs + this.jitter(last + 1))
    return { host, vantage, time, hops, probesMs, gateway: true }
  }

  /** The round-trip time to a hop; null where none of its probes is answered. */
  private probe(ms: number, links: number, limited: boolean): number | null {
    const { rng, settings } = this
    const lost = limited ? 1 - ANSWERED_UNDER_LIMIT : settings.loss
    const allLost = lost * lost * lost
    return rng.chance(allLost) ? null : ms + this.jitter(links)
  }

  /** Gamma of shape 2 with a mean that grows with the links: the sum of two exponentials, from one logarithm. */
  private jitter(links: number): number {
    const { rng } = this
    const mean = this.settings.jitterMs * links
    return (-mean / 2) * math.log((1 - rng.float()) * (1 - rng.float()))
  }

  /** How much longer routes take at this hour. */
  private loadAt(time: TimeMs, vantage: number): number {
    const angle = (2 * Math.PI * (hoursOf(time % DAY_MS) - (this.phases[vantage] as number)) * HOUR_MS) / DAY_MS
    return 1 + (this.settings.load * (1 - math.cos(angle))) / 2
  }
}

interface Task {
  readonly host: string
  readonly vantage: string
  readonly time: TimeMs
  readonly routes: Routes
  readonly load: number
}

const noAnswers: readonly null[] = Array.from({ length: PROBES }, () => null)
const undisturbed: State = { route: 0, nearFactor: 1, farFactor: 1, nearDark: false, farDark: false, limited: false }

function silentHops(from: number): NetHop[] {
  return Array.from({ length: SILENT_HOPS }, (_, i) => ({ ttl: from + i, address: null, rttMs: null }))
}

function stateOf(on: readonly NetEvent[], { host, vantage, time }: Pick<NetScan, 'host' | 'vantage' | 'time'>): State {
  const state = { ...undisturbed }
  for (const event of on) {
    if ((event.host !== null && event.host !== host) || (event.vantage !== null && event.vantage !== vantage)) continue
    if (event.route > state.route) state.route = event.route
    if (event.kind === 'vantage') {
      state.nearFactor *= event.factor
      state.nearDark ||= event.dark
    } else {
      state.farFactor *= factorAt(event, time)
      state.farDark ||= event.dark
      state.limited ||= event.kind === 'rate-limit'
    }
  }
  return state
}

/** What an event multiplies round-trip times by: a degradation grows for three quarters of its time and falls in the last. */
function factorAt({ kind, start, end, factor }: NetEvent, time: TimeMs): number {
  if (kind !== 'degradation') return factor
  const part = (time - start) / (end - start)
  return 1 + (factor - 1) * Math.min(part / 0.75, (1 - part) / 0.25)
}
