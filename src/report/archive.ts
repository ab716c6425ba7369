/** Reads `mycelial_patterns.db` for the report: approved patterns, planted causes that were found, counts over time. */

import { existsSync } from 'node:fs'
import { leadingPairs, ownReturnDriver } from '../market/index.js'
import { openReadOnly } from '../storage/index.js'
import type { ApprovedPattern, Numbers, Patterns, PlantedTruth, Truth } from './data.js'
import { sampleAt } from './down-sample.js'
import type { Clock } from './model-lines.js'

/** One change of status; names as in the database. */
export interface ArchiveRow {
  readonly pattern: string
  readonly status: string
  readonly step: number
  readonly moat: string
  readonly product: string
  readonly signal_type: string
  readonly sign: number
  readonly score: number | null
  readonly pattern_value: number
  readonly placebo: number
  readonly agent: string
  /** Absent from files of older runs, and null where such a file was migrated. */
  readonly p?: number | null
  readonly value_basis?: string | null
  readonly traded?: number | null
}

/** Every column there is: files of older runs lack the last ones. */
const everyRow = 'SELECT * FROM patterns WHERE pattern IS NOT NULL ORDER BY id'

/** The archive's rows, oldest first; undefined where a run has none. */
export function readArchive(path: string): ArchiveRow[] | undefined {
  if (!existsSync(path)) return undefined
  const db = openReadOnly(path)
  try {
    return db.prepare(everyRow).all() as ArchiveRow[]
  } finally {
    db.close()
  }
}

type Cause = Omit<PlantedTruth, 'foundAt'>

export function patternsOf(
  rows: readonly ArchiveRow[],
  market: Readonly<Record<string, unknown>> | null,
  clock: Clock,
): Patterns {
  const causes = plantedIn(market)
  const drifting = persistentIn(market)
  const latest = new Map(rows.map(row => [row.pattern, row.status]))
  const approved = rows
    .filter(row => row.status === 'approved')
    .map(row => approvedPattern(row, causes, drifting, latest.get(row.pattern) ?? row.status))
  const planted = causes === null ? null : causes.map(cause => ({ ...cause, foundAt: foundAt(cause, approved) }))
  return { approved, planted, counts: countsOf(rows, clock) }
}

function plantedIn(market: Readonly<Record<string, unknown>> | null): Cause[] | null {
  const planted = market?.planted
  if (!Array.isArray(planted)) return null
  return planted.map(({ driver, pair, lag, horizon, sign, kind, strength }: Cause) => ({
    driver: String(driver),
    pair: String(pair),
    lag: Number(lag),
    horizon: Number(horizon),
    sign: Number(sign),
    kind: String(kind),
    strength: Number(strength),
  }))
}

/** The pairs in which returns follow returns, because a drift was planted that lasts. */
function persistentIn(market: Readonly<Record<string, unknown>> | null): ReadonlySet<string> {
  const drifts = market?.persistence
  return new Set(Array.isArray(drifts) ? drifts.map(({ pair }: { pair: unknown }) => String(pair)) : [])
}

function approvedPattern(
  row: ArchiveRow,
  causes: readonly Cause[] | null,
  drifting: ReadonlySet<string>,
  status: string,
): ApprovedPattern {
  const [driver = '', transform = '', lag = '', pair = '', horizon = ''] = row.pattern.split('|')
  const found = { pattern: row.pattern, driver, transform, lag: Number(lag), pair, horizon: Number(horizon), sign: row.sign }
  const placebo = row.placebo !== 0
  const { moat, step, pattern_value: value } = row
  const truth = truthOf(found, placebo, causes, drifting)
  return { ...found, moat, step, value, placebo, status, truth, ...evidenceOf(row) }
}

/** Rows without a basis of their value are of older runs, whose score is the p of the approval. */
function evidenceOf({ score, p, value_basis, traded }: ArchiveRow): Pick<ApprovedPattern, 'z' | 'p' | 'valueBasis' | 'traded'> {
  if (typeof value_basis !== 'string') return { z: null, p: score, valueBasis: null, traded: null }
  return {
    z: score,
    p: p ?? null,
    valueBasis: value_basis,
    traded: traded === null || traded === undefined ? null : traded !== 0,
  }
}

type Found = Pick<ApprovedPattern, 'driver' | 'transform' | 'lag' | 'pair' | 'sign'>

/**
 * An echo has the driver and the pair of a cause, seen through another lag or transform; or it is a pair's own return, where a
 * cause over several bars or a planted drift makes returns follow returns.
 */
function truthOf(found: Found, placebo: boolean, causes: readonly Cause[] | null, drifting: ReadonlySet<string>): Truth {
  if (placebo) return 'placebo'
  if (causes === null) return 'unknown'
  if (causes.some(cause => isCause(cause, found))) return 'planted'
  const ownReturn = isOwnReturn(found)
  const echoes = ({ driver, pair, horizon }: Cause) =>
    pair === found.pair && (driver === found.driver || (ownReturn && horizon > 1))
  return causes.some(echoes) || (ownReturn && drifting.has(found.pair)) ? 'echo' : 'not planted'
}

/** Under its own name, or as the leader of the market that the pair itself is. */
function isOwnReturn({ driver, pair }: Found): boolean {
  return driver === ownReturnDriver || leadingPairs[driver] === pair
}

function isCause({ driver, pair, lag, sign }: Cause, found: Found): boolean {
  return driver === found.driver && pair === found.pair && lag === found.lag && sign === found.sign && found.transform === 'level'
}

function foundAt(cause: Cause, approved: readonly ApprovedPattern[]): number | null {
  return approved.find(pattern => isCause(cause, pattern))?.step ?? null
}

/** Rows so far of each status, at the points the lines are drawn at. */
function countsOf(rows: readonly ArchiveRow[], { steps, buckets }: Clock): Record<string, Numbers> {
  const counts: Record<string, Numbers> = {}
  for (const status of ['candidate', 'confirmed', 'approved', 'rejected', 'retired']) {
    const at = rows.filter(row => row.status === status).map(row => row.step)
    if (at.length > 0) counts[status] = sampleAt(cumulative(at, steps), buckets)
  }
  return counts
}

/** How many of the ascending steps `at` lie at or before each of `steps`. */
function cumulative(at: readonly number[], steps: Float64Array): Float64Array {
  let n = 0
  return steps.map(step => {
    while (n < at.length && (at[n] as number) <= step) n++
    return n
  })
}
