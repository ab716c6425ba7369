/** What happens to routes: events drawn ahead from streams of their own, so that the truth of any span can be told before it comes. */

import { DAY_MS, MINUTE_MS, type Root, Stream, type TimeMs } from '../../core/index.js'
import type { NetSettings } from './net-options.js'

/** What an event of the made network is. */
export type NetEventKind = 'outage' | 'degradation' | 'reroute' | 'vantage' | 'rate-limit'

/** One event; its end is the first instant at which it is over. */
export interface NetEvent {
  readonly kind: NetEventKind
  /** The host; null: every host, of one vantage point. */
  readonly host: string | null
  /** The vantage point that alone sees it; null: all do. */
  readonly vantage: string | null
  readonly start: TimeMs
  readonly end: TimeMs
  /** What round-trip times are multiplied by, at most. */
  readonly factor: number
  /** Nothing answers. */
  readonly dark: boolean
  /** Which route is taken: 0 the usual one, 1 one hop more, 2 one hop less, 3 a detour of two hops. */
  readonly route: number
  /** It moves the pairs of its host, so long after its start and its end. */
  readonly planted: boolean
  readonly leadMs: number
}

/** Rest between two events of one kind at one place. */
const REST_MS = 60 * MINUTE_MS

interface Law {
  readonly kind: NetEventKind
  readonly host: string | null
  readonly vantage: string | null
  readonly perDay: number
}

/** The events of one kind at one place, one after the other. */
export class EventClock {
  /** The event that is on, or comes next; its start is Infinity where there are none. */
  next: NetEvent

  constructor(
    private readonly law: Law,
    private readonly settings: NetSettings,
    readonly rng: Stream,
    from: TimeMs,
  ) {
    this.next = this.draw(from)
  }

  /** Goes on to the next event where this one is over, and says whether; events shorter than a tick are gone through one by one. */
  advance(time: TimeMs): boolean {
    if (time < this.next.end) return false
    this.next = this.draw(this.next.end)
    return true
  }

  /** Whether an event is on. */
  isOn(time: TimeMs): boolean {
    return time >= this.next.start && time < this.next.end
  }

  save() {
    return { next: { ...this.next }, rng: this.rng.saveState() }
  }

  restore({ next, rng }: ReturnType<EventClock['save']>): void {
    this.next = next
    this.rng.loadState(rng)
  }

  private draw(from: TimeMs): NetEvent {
    const { rng, settings, law } = this
    const { kind, host, vantage, perDay } = law
    if (perDay === 0) return never(law)
    const start = from + Math.round(REST_MS + rng.exponential(perDay / DAY_MS))
    const drawn = {
      minutes: rng.float(),
      factor: rng.float(),
      dark: rng.float(),
      route: rng.float(),
      planted: rng.float(),
      lead: rng.float(),
    }
    const within = ([low, high]: readonly [number, number], u: number) => low + u * (high - low)
    const { minutes, factor = [1, 1], dark = 0 } = shapeOf(kind, settings)
    return {
      kind,
      host,
      vantage,
      start,
      end: start + Math.round(within(minutes, drawn.minutes) * MINUTE_MS),
      factor: within(factor, drawn.factor),
      dark: drawn.dark < dark,
      route: routeOf(kind, drawn.route, settings),
      planted: kind === 'outage' && settings.planted.move > 0 && drawn.planted < settings.planted.share,
      leadMs: kind === 'outage' ? Math.round(within(settings.planted.lead, drawn.lead) * MINUTE_MS) : 0,
    }
  }
}

function never({ kind, host, vantage }: Law): NetEvent {
  const start = Number.POSITIVE_INFINITY
  return { kind, host, vantage, start, end: start, factor: 1, dark: false, route: 0, planted: false, leadMs: 0 }
}

interface EventShape {
  readonly minutes: readonly [number, number]
  readonly factor?: readonly [number, number]
  readonly dark?: number
}

function shapeOf(kind: NetEventKind, settings: NetSettings): EventShape {
  const { outages, degradations, reroutes, vantageTroubles, rateLimits } = settings
  const of = { outage: outages, degradation: degradations, reroute: reroutes, vantage: vantageTroubles, 'rate-limit': rateLimits }
  return of[kind]
}

function routeOf(kind: NetEventKind, u: number, { outages }: NetSettings): number {
  if (kind === 'reroute') return u < 0.5 ? 1 : 2
  return kind === 'outage' && u < outages.rerouted ? 3 : 0
}

/** A clock for each kind and place. The order is part of a run: streams are named, so none depends on another. */
export function eventClocks(settings: NetSettings, root: Root, from: TimeMs): EventClock[] {
  const { outages, degradations, reroutes, vantageTroubles, rateLimits } = settings
  const ofHosts = Object.keys(settings.hosts).flatMap((host): Law[] => [
    { kind: 'outage', host, vantage: null, perDay: outages.perDay },
    { kind: 'degradation', host, vantage: null, perDay: degradations.perDay },
    { kind: 'reroute', host, vantage: null, perDay: reroutes.perDay },
    { kind: 'rate-limit', host, vantage: null, perDay: rateLimits.perDay },
  ])
  const ofVantages = settings.vantages.map(
    (vantage): Law => ({ kind: 'vantage', host: null, vantage, perDay: vantageTroubles.perDay }),
  )
  return [...ofHosts, ...ofVantages].map(
    law => new EventClock(law, settings, new Stream(root, `net:${law.kind}:${law.host ?? law.vantage}`), from),
  )
}

/** Every event that begins in a span, in order of time: the truth that a manifest tells. */
export function eventsWithin(settings: NetSettings, root: Root, { from, to }: { from: TimeMs; to: TimeMs }): NetEvent[] {
  const events: NetEvent[] = []
  for (const clock of eventClocks(settings, root, from))
    while (clock.next.start < to) {
      events.push(clock.next)
      clock.advance(clock.next.end)
    }
  return events.sort((a, b) => a.start - b.start || (nameOf(a) < nameOf(b) ? -1 : 1))
}

function nameOf({ kind, host, vantage }: NetEvent): string {
  return `${kind} ${host ?? vantage}`
}
