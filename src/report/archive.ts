/** Reads `mycelial_patterns.db` for the report: approved patterns, planted causes that were found, counts over time. */

import { existsSync } from 'node:fs'
import { openReadOnly } from '../storage/index.js'
import { type Cause, isCause, type Planted, patternParts, plantedIn, truthOf } from '../trading/index.js'
import type { ApprovedPattern, Numbers, Patterns } from './data.js'
import { sampleAt } from './down-sample.js'
import { decimal, integer, pText } from './format.js'
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

/** One-sided p of a standard normal z, within 1e-7 (Abramowitz and Stegun 1964, 26.2.17). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z)
  const t = 1 / (1 + 0.2316419 * z)
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum
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

export function patternsOf(
  rows: readonly ArchiveRow[],
  market: Readonly<Record<string, unknown>> | null,
  clock: Clock,
): Patterns {
  const planted = plantedIn(market)
  const latest = new Map(rows.map(row => [row.pattern, row.status]))
  const approved = rows
    .filter(row => row.status === 'approved')
    .map(row => ({
      ...approvedPattern(row, planted, latest.get(row.pattern) ?? row.status),
      tests: testsOf(row.pattern, rows),
    }))
  const found = planted === null ? null : planted.causes.map(cause => ({ ...cause, foundAt: foundAt(cause, approved) }))
  return { approved, planted: found, counts: countsOf(rows, clock) }
}

const stageWords: Readonly<Record<string, string>> = {
  candidate: 'Screened, and announced as a candidate',
  confirmed: 'Confirmed on new bars',
  approved: 'Approved on a third stretch of bars',
  rejected: 'Rejected',
  retired: 'Retired',
}

/** What a pattern went through, a sentence a stage, with the z and the p of each, one-sided from the second on. */
export function testsOf(pattern: string, rows: readonly ArchiveRow[]): string[] {
  return rows
    .filter(row => row.pattern === pattern)
    .map(({ status, step, agent, score, p, value_basis: basis, pattern_value: value }) => {
      // A candidate's sign is that of its own bars, so both tails count.
      const tails = status === 'candidate' ? 2 : 1
      const z =
        score === null || typeof basis !== 'string'
          ? ''
          : ` z ${decimal(score, 2)}, p ${pText(p ?? tails * upperTail(score))}${p == null ? ` of that z${tails === 2 ? ', two-sided' : ''}` : ' of those bars'}.`
      return `${stageWords[status] ?? status} after step ${integer(step)} by ${agent}.${z} Value of a trade then: ${decimal(value * 1e4, 1)} bp.`
    })
}

function approvedPattern(row: ArchiveRow, planted: Planted | null, status: string): Omit<ApprovedPattern, 'tests'> {
  const found = { pattern: row.pattern, ...patternParts(row.pattern), sign: row.sign }
  const placebo = row.placebo !== 0
  const { moat, step, pattern_value: value } = row
  const truth = truthOf(found, placebo, planted)
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
