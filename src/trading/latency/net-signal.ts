/** A signal from the network: what latency says of a pair, how sure that is by what came of earlier ones, and how long it is good for. */

import type { TimeMs } from '../../core/index.js'
import type { NetSignalType } from '../../market/index.js'
import type { Direction } from '../idea.js'

/** What a detector has found at a host. Worse latency says that the price falls (−1), better that it rises: the sign is fixed beforehand. */
export interface NetFinding {
  readonly type: NetSignalType
  readonly direction: Direction
  /** By type: log of the ratio to the usual round trip; log change within the window; hops; weighted consensus. Positive. */
  readonly strength: number
}

/** A finding as a signal for one pair of the host. */
export interface NetSignal extends NetFinding {
  /** `agent:step:n`, unique in a run. */
  readonly id: string
  readonly host: string
  readonly pair: string
  readonly agent: string
  /** Another place has found it; absent from one's own. */
  readonly posted?: true
  /** Calibrated: the share of right ones that is expected of its kind. */
  readonly confidence: number
  readonly decidedAt: TimeMs
  readonly expiresAt: TimeMs
  /** Bars after which it is right or wrong. */
  readonly horizonBars: number
}

/** Limits between weak, middling and strong findings of a type. */
const strengths: Readonly<Record<NetSignalType, readonly [number, number]>> = {
  latency_anomaly: [0.5, 1],
  trend_shift: [0.15, 0.4],
  route_change: [1.5, 2.5],
  composite: [1.2, 1.6],
}

/** The kind of a finding for calibration: its type and how strong it is; what other places find is a kind of its own. */
export function kindOf({ type, strength, posted }: Pick<NetFinding, 'type' | 'strength'> & Pick<NetSignal, 'posted'>): string {
  const [middling, strong] = strengths[type]
  return `${posted === true ? 'posted ' : ''}${type}|${strength >= strong ? 'strong' : strength >= middling ? 'middling' : 'weak'}`
}

/** What a signal decided: its place in the digest. */
export function netSignalFact(s: NetSignal): unknown {
  return [s.id, s.type, s.host, s.pair, s.direction, s.strength, s.confidence, s.decidedAt, s.expiresAt, s.horizonBars]
}
