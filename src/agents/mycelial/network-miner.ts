/** NetworkMiner: the network moat's miner, how late each host answers, by what the vantage points agree on. */

import type { TimeMs } from '../../core/index.js'
import { believeScan, type NetScan, type ScanProblem, type ScanRecord } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import { agreedScore, type HostScore, MarketData, moatData, scoreScan, standardDetector } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

export class NetworkMiner extends Agent<SwarmModel> implements ScanRecord {
  values = 0
  scans = 0
  rejected: Partial<Record<ScanProblem, number>> = {}
  /** Scans of vantage points that are not listed. */
  strangers = 0
  /** The time of the last scan that was believed, by vantage point and host. */
  last = new Map<string, TimeMs>()
  /** By host. */
  scores = new Map<string, HostScore>()
  lastBar = Number.NEGATIVE_INFINITY

  wire(): void {
    this.on(MarketData, bar => this.barEnds(bar.time))
  }

  scan(scan: NetScan): void {
    const { params, now } = this.model
    const { hosts = {}, vantages = [] } = params.network ?? {}
    if (!vantages.includes(scan.vantage)) {
      this.strangers++
      return
    }
    const listed = { has: (host: string) => Object.hasOwn(hosts, host) }
    if (!believeScan(this, scan, { hosts: listed, now }, `${scan.vantage} ${scan.host}`)) return
    const score: HostScore = this.scores.get(scan.host) ?? new Map()
    this.scores.set(scan.host, score)
    scoreScan(score, scan, standardDetector)
  }

  /** A value a bar, with the first price of the bar: a change is one from bar to bar, however often a host is traced. */
  private barEnds(time: TimeMs): void {
    if (time <= this.lastBar) return
    this.lastBar = time
    const { now } = this.model
    for (const [stream, score] of this.scores) {
      const value = agreedScore(score, now)
      if (Number.isNaN(value)) continue
      this.values++
      this.publish(moatData.network.at(stream), { moat: 'network', stream, time: now, value, placebo: false })
    }
  }
}
