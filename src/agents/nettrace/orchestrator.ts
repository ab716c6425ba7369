/** Orchestrator: learns what came of signals, keeps the record of each detector, and fires, promotes and clones by it. */

import { Agent } from '../../model/index.js'
import { type Calibration, kindOf, learnOutcome, type NetSignal } from '../../trading/index.js'
import { type HypothesisRecords, newHypothesisRecords, recordUnit } from './hypotheses.js'
import { addOutcome, judgeKpi, type Kpi, mutated, newKpi } from './kpi.js'
import { LatencySignal } from './latency-signal.js'
import { netTraceLimits } from './limits.js'
import type { NetTraceModel } from './ports.js'
import { addReliability, newReliability, type Reliability } from './reliability.js'
import { NetOutcomes, NetSignals, type StaffAction, StaffChanges, TrialSignals } from './topics.js'

/** A signal whose horizon is not over. */
interface WaitingSignal {
  readonly signal: NetSignal
  readonly priceUsd: number
  readonly trial: boolean
}

export class Orchestrator extends Agent<NetTraceModel> {
  waiting: WaitingSignal[] = []
  /** Signals that were not judged: too many waited, or their pair has no price any more. */
  unjudged = 0
  kpis = new Map<string, Kpi>()
  hypotheses: HypothesisRecords = newHypothesisRecords()
  reliability: Reliability = newReliability()
  matured = 0
  right = 0
  /** What came of the signals of other places; absent before the first is judged. */
  posted?: { matured: number; right: number }
  staff: Record<StaffAction, number> = { hired: 0, cloned: 0, promoted: 0, fired: 0 }

  wire(): void {
    this.on(NetSignals, signal => this.wait(signal, false))
    this.on(TrialSignals, signal => this.wait(signal, true))
  }

  step(): void {
    this.mature()
    const { steps, params } = this.model
    if (params.reviewBars > 0 && steps % params.reviewBars === 0) this.review()
  }

  /** Notes a detector that is there from the beginning. */
  hire(agent: LatencySignal): void {
    this.change(agent, 'hired')
  }

  private wait(signal: NetSignal, trial: boolean): void {
    const priceUsd = this.model.closes.get(signal.pair) ?? Number.NaN
    if (this.waiting.length >= netTraceLimits.unmaturedSignals) this.unjudged++
    else this.waiting.push({ signal, priceUsd, trial })
  }

  /** Judges the signals whose horizon ends now: each by its own direction, whether somebody traded it or not. */
  private mature(): void {
    const { now, closes, params, roundTripCost } = this.model
    const due = (each: WaitingSignal) => each.signal.decidedAt + each.signal.horizonBars * params.barMs <= now
    let over = 0
    while (over < this.waiting.length && due(this.waiting[over] as WaitingSignal)) over++
    if (over === 0) return
    const matured = this.waiting.splice(0, over)
    const pairs = pairsOfFindings(matured)
    const judged: { readonly signal: NetSignal; readonly signedReturn: number }[] = []
    for (const { signal, priceUsd, trial } of matured) {
      const signedReturn = signal.direction * ((closes.get(signal.pair) ?? Number.NaN) / priceUsd - 1)
      if (!Number.isFinite(signedReturn)) {
        this.unjudged++
        continue
      }
      const right = signedReturn > 0
      const weight = 1 / (pairs.get(findingOf(signal)) ?? 1)
      this.learn(signal, { signedReturn, right, trial, cost: roundTripCost, weight })
      this.publish(NetOutcomes, { signal, time: now, signedReturn, right })
      if (!trial && !signal.posted) judged.push({ signal, signedReturn })
    }
    recordUnit(this.hypotheses, judged, params.barMs)
  }

  private learn(
    signal: NetSignal,
    {
      signedReturn,
      right,
      trial,
      cost,
      weight,
    }: {
      readonly signedReturn: number
      readonly right: boolean
      readonly trial: boolean
      readonly cost: number
      readonly weight: number
    },
  ): void {
    if (signal.posted) {
      this.posted ??= { matured: 0, right: 0 }
      count(this.posted, right)
      learnOutcome(this.calibration, kindOf(signal), right, weight)
      return
    }
    const kpi = this.kpis.get(signal.agent)
    if (kpi !== undefined && (trial || this.isTradable(signal))) addOutcome(kpi, signedReturn - cost, right)
    if (trial) return
    count(this, right)
    addReliability(this.reliability, signal.confidence, right)
    learnOutcome(this.calibration, kindOf(signal), right, weight)
  }

  /** A detector is judged by what is sure enough to be traded: nobody is fired for signals on which nobody acts. */
  private isTradable({ confidence }: NetSignal): boolean {
    return confidence >= (this.model.limits.minConfidence ?? 0)
  }

  private get calibration(): Calibration {
    return this.model.calibration
  }

  private review(): void {
    const detectors = [...this.model.agentsOf(LatencySignal)]
    for (const agent of detectors) {
      const verdict = judgeKpi(this.kpis.get(agent.key) ?? newKpi())
      if (verdict === 'fire') this.fire(agent)
      else if (verdict === 'promote') this.promote(agent)
    }
  }

  /** Its place is taken by a clone on trial, of the best detector there is or else of itself. */
  private fire(agent: LatencySignal): void {
    this.change(agent, 'fired')
    this.kpis.delete(agent.key)
    const { host } = agent
    const parent = this.best() ?? agent
    const { settings } = parent
    agent.remove()
    this.clone(host, settings)
  }

  /** One on trial is traded from now on; one that is traded already gets a clone beside it, where there is room. */
  private promote(agent: LatencySignal): void {
    if (agent.trial) {
      agent.trial = false
      this.change(agent, 'promoted')
      return
    }
    const there = [...this.model.agentsOf(LatencySignal)].filter(({ host }) => host === agent.host).length
    if (there < this.model.params.detectorsPerHost) this.clone(agent.host, agent.settings)
  }

  private clone(host: string, settings: LatencySignal['settings']): void {
    const agent = this.model.spawn(LatencySignal, { host, trial: true, settings: mutated(settings, this.rng) })
    this.change(agent, 'cloned')
  }

  /** The detector whose signals gained most, of those whose gain is beyond chance. */
  private best(): LatencySignal | undefined {
    let best: LatencySignal | undefined
    let most = Number.NEGATIVE_INFINITY
    for (const agent of this.model.agentsOf(LatencySignal)) {
      const kpi = this.kpis.get(agent.key)
      if (kpi === undefined || judgeKpi(kpi) !== 'promote' || kpi.net.mean <= most) continue
      best = agent
      most = kpi.net.mean
    }
    return best
  }

  private change(agent: LatencySignal, action: StaffAction): void {
    const kpi = this.kpis.get(agent.key) ?? newKpi()
    this.kpis.set(agent.key, kpi)
    this.staff[action]++
    const { n: matured, mean: meanNet } = kpi.net
    this.publish(StaffChanges, { time: this.model.now, agent: agent.key, host: agent.host, action, matured, meanNet })
  }
}

function count(judged: { matured: number; right: number }, right: boolean): void {
  judged.matured++
  if (right) judged.right++
}

/** The pairs of one host fall and rise together: what comes of all signals of a finding is one outcome. */
function pairsOfFindings(matured: readonly WaitingSignal[]): Map<string, number> {
  const pairs = new Map<string, number>()
  for (const { signal } of matured) pairs.set(findingOf(signal), (pairs.get(findingOf(signal)) ?? 0) + 1)
  return pairs
}

/** A place that posts may call itself as a detector here is called. */
function findingOf({ agent, posted, host, type, direction, decidedAt }: NetSignal): string {
  return `${agent}|${posted === true}|${host}|${type}|${direction}|${decidedAt}`
}
