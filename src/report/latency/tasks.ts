/**
 * What nodes of a compute pool can make of latency: the module that their threads load. Findings come from the estimators of `trading/`;
 * how sure a signal is, and what came of earlier ones, from the tables of a run.
 */

import { z } from 'zod'
import { OperatorError } from '../../core/index.js'
import { type Calibration, standardDetector } from '../../trading/index.js'
import { FindingsOfScans, type FoundSignal, type RejectedScans, roundsOf } from './findings.js'
import { accuracyOf, calibrationOf, signalsOf } from './run-signals.js'
import { scanOf, taskScan } from './task-scan.js'

/** What a node was started with. */
interface Setup {
  /** The directory of a run of the latency system; undefined: none. */
  readonly run?: string | undefined
}

/** Scans of a request at most: what fits in its body. */
const scans = z.array(taskScan).max(10_000)
const anomaly = taskScan.omit({ total_rtt: true }).extend({
  rtt_ms: z.number().nullable(),
  timestamp: z.union([z.number(), z.string()]),
  /** Scans of the host before it; left out: what this thread was given before. */
  history: scans.optional(),
})
const batch = z.object({ scans })
const wanted = z.object({ min_confidence: z.number().min(0).max(1).default(0) })
const span = z.object({ hours: z.number().positive().max(1_000_000).default(24) })

/** Hosts whose scans a thread remembers; the one that was scanned first makes room. */
const hostsRemembered = 256
const remembered = new Map<string, FindingsOfScans>()

interface Findings {
  readonly signals: readonly FoundSignal[]
  /** Scans that the answer rests on, this one included. */
  readonly scans: number
  readonly rejected: RejectedScans
}

async function prepareAnomaly({ run }: Setup): Promise<(data: unknown) => Findings> {
  const calibration = await calibrationOf(run)
  return data => {
    const { rtt_ms, history, ...scan } = anomaly.parse(data)
    const findings = history === undefined ? rememberedOf(scan.host, calibration) : new FindingsOfScans(calibration, 1)
    for (const before of history ?? []) findings.add([scanOf({ ...before, host: scan.host })])
    const signals = findings.add([scanOf({ ...scan, total_rtt: rtt_ms })])
    return { signals, scans: findings.scans, rejected: findings.rejected }
  }
}

interface BatchFindings {
  readonly signals: readonly FoundSignal[]
  readonly count: number
  readonly rejected: RejectedScans
}

async function prepareBatch({ run }: Setup): Promise<(data: unknown) => BatchFindings> {
  const calibration = await calibrationOf(run)
  return data => {
    const given = batch.parse(data).scans.map(scanOf)
    const vantages = new Set(given.map(scan => scan.vantage))
    const findings = new FindingsOfScans(calibration, Math.min(standardDetector.agreeing, vantages.size))
    const signals = roundsOf(given).flatMap(round => findings.add(round))
    return { signals, count: signals.length, rejected: findings.rejected }
  }
}

async function prepareSignals({ run }: Setup) {
  const path = runOf(run, 'get_signals')
  return async (data: unknown) => ({ signals: await signalsOf(path, wanted.parse(data).min_confidence) })
}

async function prepareAccuracy({ run }: Setup) {
  const path = runOf(run, 'get_accuracy')
  return (data: unknown) => accuracyOf(path, span.parse(data).hours)
}

function runOf(run: string | undefined, task: string): string {
  if (run !== undefined) return run
  const next = 'Start the node with `run`, the directory of a run of nettrace.'
  throw new OperatorError({ what: task, expected: 'a run whose tables it reads', got: 'none', next })
}

function rememberedOf(host: string, calibration: Calibration): FindingsOfScans {
  const findings = remembered.get(host) ?? new FindingsOfScans(calibration, 1)
  remembered.set(host, findings)
  if (remembered.size > hostsRemembered) remembered.delete(remembered.keys().next().value as string)
  return findings
}

export const handlers = {
  anomaly_detection: prepareAnomaly,
  batch_analysis: prepareBatch,
  get_signals: prepareSignals,
  get_accuracy: prepareAccuracy,
}
