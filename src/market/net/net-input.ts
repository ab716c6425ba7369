/** What reaches a model of the network besides its market: scans, signals of other places, outages that exchanges admit, changes of routes. */

import type { TimeMs } from '../../core/index.js'
import { type NetScan, scanLimits } from './scan.js'

/** The four types of signals: a jump of latency, a trend of it, another route, and at least two of these together. */
export type NetSignalType = 'latency_anomaly' | 'trend_shift' | 'route_change' | 'composite'
export const netSignalTypes = [
  'latency_anomaly',
  'trend_shift',
  'route_change',
  'composite',
] as const satisfies readonly NetSignalType[]

/** A signal that another place has found and sent. How sure it is, the model that takes it learns from what comes of its kind. */
export interface PostedSignal {
  /** Unique for its sender: one that comes again is not acted on again. */
  readonly id: string
  /** Who found it. */
  readonly source: string
  readonly type: NetSignalType
  readonly host: string
  readonly pair: string
  /** 1: the pair rises, −1: it falls. */
  readonly direction: 1 | -1
  readonly strength: number
  readonly time: TimeMs
}

/** An incident as an exchange's status page tells it: a label of an outage. */
export interface NetIncident {
  readonly id: string
  /** The host whose page it stands on. */
  readonly host: string
  readonly name: string
  /** `none`, `minor`, `major` or `critical`. */
  readonly impact: string
  /** `investigating`, `identified`, `monitoring`, `resolved` or `postmortem`. */
  readonly status: string
  readonly startedAt: TimeMs
  /** Null: it goes on. */
  readonly resolvedAt: TimeMs | null
}

/** A change of a route between networks (BGP), as a public collector saw it. */
export interface RouteUpdate {
  readonly prefix: string
  readonly time: TimeMs
  /** Networks on the way, by number, the nearest first; null: the route was withdrawn. */
  readonly path: readonly number[] | null
  /** The network that told the collector. */
  readonly peer: string
}

/** The price of a pair at the exchange that is traced, and when it was last traded there. */
export interface ExchangeTicker {
  readonly host: string
  readonly pair: string
  readonly time: TimeMs
  readonly priceUsd: number
  readonly bidUsd: number
  readonly askUsd: number
}

/** One input of a model of the network. Everything here can be journalled as it stands. */
export type NetInput =
  | { readonly kind: 'scan'; readonly scan: NetScan }
  | { readonly kind: 'net-signal'; readonly signal: PostedSignal }
  | { readonly kind: 'incident'; readonly incident: NetIncident }
  | { readonly kind: 'route-update'; readonly update: RouteUpdate }
  | { readonly kind: 'ticker'; readonly ticker: ExchangeTicker }

/** Why a signal of another place is not believed, in words. */
export const postedSignalProblems = {
  unknownHost: 'the host is not listed',
  unknownPair: 'the pair is none of the host’s',
  strengthUnknown: 'its strength is no number above 0',
  clockStep: 'its time is minutes from now',
} as const
/** The code of a reason why a signal is not believed. */
export type PostedSignalProblem = keyof typeof postedSignalProblems

/** What a signal is checked against. */
export interface PostedSignalContext {
  /** Hosts and the pairs that trade there. */
  readonly hosts: Readonly<Record<string, readonly string[]>>
  readonly now: TimeMs
}

/** Why a signal is not believed; undefined where it is. */
export function postedSignalProblem(signal: PostedSignal, { hosts, now }: PostedSignalContext): PostedSignalProblem | undefined {
  const { host, pair, strength, time } = signal
  if (!Object.hasOwn(hosts, host)) return 'unknownHost'
  if (!hosts[host]?.includes(pair)) return 'unknownPair'
  if (!(strength > 0) || !Number.isFinite(strength)) return 'strengthUnknown'
  return Math.abs(time - now) <= scanLimits.clockMs ? undefined : 'clockStep'
}
