/** Scans that were written down, one JSON object a line, as `mycelia scan --json` prints them. */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { OperatorError } from '../../core/index.js'
import { scanOfBody } from '../../feed/index.js'
import type { NetScan } from '../../market/index.js'

export const recordedLimits = {
  /** Scans of one file: a million is three months of six hosts and three vantage points. */
  recordedScans: 1_000_000,
} as const

export interface ScanFile {
  /** In order of time. */
  readonly scans: readonly NetScan[]
  readonly sha256: string
  /** Lines that hold no scan. */
  readonly rejected: number
}

/** Throws where the file holds no scan, or more than a run may have. */
export async function readScanFile(path: string): Promise<ScanFile> {
  const hash = createHash('sha256')
  const bytes = createReadStream(path)
  bytes.on('data', part => hash.update(part))
  const scans: NetScan[] = []
  let rejected = 0
  for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const scan = scanOfLine(line)
    if (scan === undefined) rejected++
    else scans.push(scan)
    if (scans.length > recordedLimits.recordedScans) throw wrong(path, `at most ${recordedLimits.recordedScans} scans`, 'more')
  }
  if (scans.length === 0) throw wrong(path, 'a scan a line, a JSON object as mycelia scan prints them', 'none')
  return { scans: scans.sort((a, b) => a.time - b.time), sha256: hash.digest('hex'), rejected }
}

/** A recorded scan says when it was taken. */
function scanOfLine(line: string): NetScan | undefined {
  try {
    const scan = scanOfBody(JSON.parse(line), -1)
    return scan === undefined || scan.time < 0 ? undefined : scan
  } catch {
    return undefined
  }
}

function wrong(path: string, expected: string, got: string): OperatorError {
  return new OperatorError({ what: `the scans in ${path}`, expected, got })
}
