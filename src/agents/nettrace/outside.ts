/** What reaches the latency model from other places: their signals, incidents of exchanges, routes between networks, prices there. */

import type { TimeMs } from '../../core/index.js'
import { type NetInput, type PostedSignal, type PostedSignalProblem, postedSignalProblem } from '../../market/index.js'
import { confidenceOf, kindOf, type NetSignal } from '../../trading/index.js'
import { netTraceLimits } from './limits.js'
import type { NetTraceModel } from './ports.js'
import { Incidents, NetSignals, RouteUpdates, Tickers } from './topics.js'

/** What the model keeps of other places, as plain data; absent until something comes from there. */
export interface OutsideRecord {
  /** When each signal came, by its id, oldest first. */
  readonly known: Map<string, TimeMs>
  taken: number
  /** Signals that were not taken, by reason. */
  readonly rejected: Partial<Record<PostedSignalProblem | 'repeated', number>>
}

export type OutsideInput = Exclude<NetInput, { readonly kind: 'scan' }>

/** The latency model, as other places reach it. */
export interface ReachedNet extends NetTraceModel {
  outside?: OutsideRecord
}

export function takeOutside(model: ReachedNet, input: OutsideInput): void {
  switch (input.kind) {
    case 'net-signal':
      return takeSignal(model, input.signal)
    case 'incident':
      return model.publish(Incidents, { ...input.incident, seenAt: model.now })
    case 'route-update':
      return model.publish(RouteUpdates, input.update)
    case 'ticker':
      return model.publish(Tickers, input.ticker)
  }
}

/** A signal of another place goes the way of one's own, once; its confidence is what signals of other places have earned here. */
function takeSignal(model: ReachedNet, posted: PostedSignal): void {
  model.outside ??= { known: new Map(), taken: 0, rejected: {} }
  const { known, rejected } = model.outside
  const id = `${posted.source}:${posted.id}`
  const problem = known.has(id) ? 'repeated' : problemOf(model, posted)
  if (problem !== undefined) {
    rejected[problem] = (rejected[problem] ?? 0) + 1
    return
  }
  known.set(id, model.now)
  model.outside.taken++
  if (known.size > netTraceLimits.postedSignals) known.delete(known.keys().next().value ?? id)
  model.publish(NetSignals, signalOf(model, id, posted))
}

function problemOf(model: ReachedNet, posted: PostedSignal): PostedSignalProblem | undefined {
  if (!model.closes.has(posted.pair)) return 'unknownPair'
  return postedSignalProblem(posted, { hosts: model.params.hosts, now: model.now })
}

function signalOf({ params, now, calibration }: ReachedNet, id: string, posted: PostedSignal): NetSignal {
  const { source, type, host, pair, direction, strength } = posted
  return {
    id,
    type,
    host,
    pair,
    direction,
    strength,
    agent: source,
    posted: true,
    confidence: confidenceOf(calibration, kindOf({ ...posted, posted: true })),
    decidedAt: now,
    expiresAt: now + params.validBars * params.barMs,
    horizonBars: params.horizonBars,
  }
}
