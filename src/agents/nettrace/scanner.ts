/** Scanner: takes the scans of one vantage point, refuses and counts what may not be believed, and passes the rest on. */

import type { TimeMs } from '../../core/index.js'
import { type NetScan, type ScanProblem, scanProblem } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import type { NetTraceModel } from './ports.js'
import { NetScans } from './topics.js'

export class Scanner extends Agent<NetTraceModel> {
  vantage = ''
  scans = 0
  /** Scans that were not believed, by reason. */
  rejected: Partial<Record<ScanProblem, number>> = {}
  /** The time of the last scan that was believed, by host. */
  last = new Map<string, TimeMs>()

  scan(scan: NetScan): void {
    const { params, now } = this.model
    const hosts = { has: (host: string) => Object.hasOwn(params.hosts, host) }
    const problem = scanProblem(scan, { hosts, now, last: this.last.get(scan.host) })
    if (problem !== undefined) {
      this.rejected[problem] = (this.rejected[problem] ?? 0) + 1
      return
    }
    this.scans++
    this.last.set(scan.host, scan.time)
    this.publish(NetScans.at(scan.host), scan)
  }
}
