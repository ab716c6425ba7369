/** Scans hosts once, or again and again at a fixed cadence, and counts what may not be believed. */

import type { TimeMs } from '../../core/index.js'
import { type NetScan, type ScanProblem, scanProblem } from '../../market/index.js'
import { pause } from '../clock.js'
import { type ProbeOptions, probeHost } from './probe.js'
import { checkEvery, checkHosts } from './targets.js'

/** What `scanHosts` takes. */
export interface ScanHostsOptions extends ProbeOptions {
  readonly hosts: readonly string[]
  /** Seconds from the beginning of one round to that of the next; undefined: one round. */
  readonly every?: number | undefined
  readonly onScan: (scan: NetScan) => void | Promise<void>
  /** A host could not be probed. */
  readonly onFailure: (host: string, error: unknown) => void
  /** Called with the counts of scans that may not be believed, where one more is not. */
  readonly onRejected?: ((rejected: ScanCounts['rejected']) => void) | undefined
}

/** What came of the scans. */
export interface ScanCounts {
  taken: number
  failed: number
  /** By reason. */
  readonly rejected: Partial<Record<ScanProblem, number>>
}

/** Scans until the rounds are done or `signal` says so. Hosts of one round are probed together. */
export async function scanHosts(options: ScanHostsOptions): Promise<ScanCounts> {
  const { clock, signal } = options
  const hosts = checkHosts(options.hosts)
  const everyMs = options.every === undefined ? undefined : checkEvery(options.every)
  const counts: ScanCounts = { taken: 0, failed: 0, rejected: {} }
  const last = new Map<string, TimeMs>()
  while (signal?.aborted !== true) {
    const began = clock.monotonic()
    await Promise.all(hosts.map(host => scanOnce(host, { options, counts, last, hosts: new Set(hosts) })))
    if (everyMs === undefined) break
    await pause(clock, Math.max(0, everyMs - (clock.monotonic() - began)), signal)
  }
  return counts
}

interface Round {
  readonly options: ScanHostsOptions
  readonly counts: ScanCounts
  readonly last: Map<string, TimeMs>
  readonly hosts: ReadonlySet<string>
}

async function scanOnce(host: string, { options, counts, last, hosts }: Round): Promise<void> {
  let scan: NetScan
  try {
    scan = await probeHost(host, options)
  } catch (error) {
    if (options.signal?.aborted === true) return
    counts.failed++
    options.onFailure(host, error)
    return
  }
  const problem = scanProblem(scan, { hosts, now: options.clock.now(), last: last.get(host) })
  if (problem !== undefined) {
    counts.rejected[problem] = (counts.rejected[problem] ?? 0) + 1
    options.onRejected?.(counts.rejected)
    return
  }
  counts.taken++
  last.set(host, scan.time)
  await options.onScan(scan)
}
