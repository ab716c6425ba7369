/** LatencySignal: watches one host through every vantage point, and makes what they agree on into signals for its pairs. */

import type { NetScan } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  confidenceOf,
  type DetectorSettings,
  detect,
  type HostDetector,
  kindOf,
  type NetFinding,
  newDetector,
  standardDetector,
} from '../../trading/index.js'
import type { NetTraceModel } from './ports.js'
import { NetScans, NetSignals, TrialSignals } from './topics.js'

export class LatencySignal extends Agent<NetTraceModel> {
  host = ''
  /** On trial its signals are judged, and not traded. */
  trial = false
  settings: DetectorSettings = standardDetector
  detector: HostDetector = newDetector()
  /** The scans of this instant. */
  waiting: NetScan[] = []
  published = 0

  wire(): void {
    this.on(NetScans.at(this.host), scan => {
      this.waiting.push(scan)
    })
  }

  step(): void {
    if (this.waiting.length === 0) return
    const scans = this.waiting
    this.waiting = []
    const { calibration } = this.model
    const found = detect(this.detector, scans, {
      settings: this.settings,
      rng: this.rng,
      weight: type => confidenceOf(calibration, kindOf({ type, strength: 0 })),
    })
    for (const finding of found) this.signal(finding)
  }

  private signal(finding: NetFinding): void {
    const { model, host, key } = this
    const { params, now, steps, calibration } = model
    for (const pair of params.hosts[host] ?? []) {
      if (!model.closes.has(pair)) continue
      this.publish(this.trial ? TrialSignals : NetSignals, {
        ...finding,
        id: `${key}:${steps}:${this.published++}`,
        host,
        pair,
        agent: key,
        confidence: confidenceOf(calibration, kindOf(finding)),
        decidedAt: now,
        expiresAt: now + params.validBars * params.barMs,
        horizonBars: params.horizonBars,
      })
    }
  }
}
