/** What scans of hosts show, in the order in which they were made: a detector a host, as the latency system has it. */

import { rootOf, Stream } from '../../core/index.js'
import { type NetScan, type ScanProblem, scanProblem } from '../../market/index.js'
import {
  type Calibration,
  confidenceOf,
  detect,
  type HostDetector,
  kindOf,
  type NetFinding,
  newDetector,
  standardDetector,
} from '../../trading/index.js'

export interface FoundSignal extends NetFinding {
  readonly host: string
  /** When it was found, ms since 1970, UTC. */
  readonly time: number
  /** The share of right ones that is expected of its kind. */
  readonly confidence: number
}

/** How many scans were not believed, by reason. */
export type RejectedScans = { readonly [problem in ScanProblem]?: number }

export class FindingsOfScans {
  readonly rejected: { [problem in ScanProblem]?: number } = {}
  /** Scans that were believed. */
  scans = 0
  private readonly detectors = new Map<string, HostDetector>()
  private readonly rng = new Stream(rootOf('latency tasks'), 'findings')

  /** @param agreeing vantage points that must agree. */
  constructor(
    private readonly calibration: Calibration,
    private readonly agreeing: number,
  ) {}

  /** Takes the scans of one host at one instant, one a vantage point, and says what they show. */
  add(scans: readonly NetScan[]): FoundSignal[] {
    const believed = scans.filter(scan => this.isBelieved(scan))
    const [first] = believed
    if (first === undefined) return []
    this.scans += believed.length
    const { calibration, rng, agreeing } = this
    const found = detect(this.detectorOf(first.host), believed, {
      settings: { ...standardDetector, agreeing },
      rng,
      weight: type => confidenceOf(calibration, kindOf({ type, strength: 0 })),
    })
    const time = Math.max(...believed.map(scan => scan.time))
    return found.map(finding => ({ ...finding, host: first.host, time, confidence: confidenceOf(calibration, kindOf(finding)) }))
  }

  private isBelieved(scan: NetScan): boolean {
    const problem = scanProblem(scan, { hosts: { has: () => true }, now: scan.time, last: undefined })
    if (problem !== undefined) this.rejected[problem] = (this.rejected[problem] ?? 0) + 1
    return problem === undefined
  }

  private detectorOf(host: string): HostDetector {
    const detector = this.detectors.get(host) ?? newDetector()
    this.detectors.set(host, detector)
    return detector
  }
}

/** Scans as they came, in rounds: of one host, each vantage point once. */
export function roundsOf(scans: readonly NetScan[]): NetScan[][] {
  const open = new Map<string, Map<string, NetScan>>()
  const rounds: Map<string, NetScan>[] = []
  for (const scan of scans) {
    let round = open.get(scan.host)
    if (round === undefined || round.has(scan.vantage)) {
      round = new Map()
      rounds.push(round)
      open.set(scan.host, round)
    }
    round.set(scan.vantage, scan)
  }
  return rounds.map(round => [...round.values()])
}
