/** Scanner: takes the scans of one vantage point, refuses and counts what may not be believed, and passes the rest on. */

import type { TimeMs } from '../../core/index.js'
import { believeScan, type NetScan, type ScanProblem, type ScanRecord } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import type { NetTraceModel } from './ports.js'
import { NetScans } from './topics.js'

export class Scanner extends Agent<NetTraceModel> implements ScanRecord {
  vantage = ''
  scans = 0
  rejected: Partial<Record<ScanProblem, number>> = {}
  /** The time of the last scan that was believed, by host. */
  last = new Map<string, TimeMs>()

  scan(scan: NetScan): void {
    const { params, now } = this.model
    const hosts = { has: (host: string) => Object.hasOwn(params.hosts, host) }
    if (believeScan(this, scan, { hosts, now }, scan.host)) this.publish(NetScans.at(scan.host), scan)
  }
}
