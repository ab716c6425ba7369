/** `mycelial_patterns.db`: a row per status change of a pattern. It is derived from the run, and writing a row twice changes nothing. */

import { fault, SECOND_MS, type TimeMs } from '../core/index.js'
import type { PatternRow } from '../trading/index.js'
import { withRetry } from './errors.js'
import { storageLimits } from './limits.js'
import { patternsTable } from './patterns-table.js'
import { patternsKind } from './schema.js'
import { insertInto, rowValues } from './sql-table.js'
import { type OpenDatabase, openDatabase, openReadOnly, transact } from './sqlite.js'

/** One approved pattern of a finished run. */
export interface Approval {
  readonly pattern: string
  readonly sign: 1 | -1
  readonly step: number
  /** When it was approved. */
  readonly time: TimeMs
  /** Found in noise: a false discovery. */
  readonly placebo: boolean
  /** False where its value does not pay for a round trip: known, not traded. Null where an older run does not say. */
  readonly traded: boolean | null
}

export class PatternArchive {
  private waiting: PatternRow[] = []
  private readonly insert
  private readonly last
  private readonly cut
  private readonly renumber

  private constructor(
    private readonly open: OpenDatabase,
    private readonly runId: string,
  ) {
    this.insert = open.db.prepare(insertInto(patternsTable))
    this.last = open.db.prepare('SELECT max(id) AS id FROM patterns')
    this.cut = open.db.prepare('DELETE FROM patterns WHERE id > ?')
    this.renumber = open.db.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'patterns'")
  }

  static open(path: string, runId: string): PatternArchive {
    return new PatternArchive(openDatabase(path, patternsKind), runId)
  }

  add(row: PatternRow): void {
    this.waiting.push(row)
    if (this.waiting.length >= storageLimits.ledgerBatchRows) this.flush()
  }

  flush(): void {
    const { waiting } = this
    if (waiting.length === 0) return
    transact(this.open, (waiting.length + 16) * 1_024, () => {
      for (const row of waiting) {
        fault('storage.row')
        this.insert.run(rowValues(patternsTable, { row, runId: this.runId }))
      }
    })
    this.waiting = []
  }

  /** The last row's id, after committing: for a checkpoint. */
  position(): number {
    this.flush()
    return withRetry(this.open.path, 'reading', 0, () => {
      fault('storage.read')
      return (this.last.get() as { id: number | null }).id ?? 0
    })
  }

  /** Removes every row after that position; ids continue from there. */
  truncate(position: number): void {
    this.waiting = []
    transact(this.open, 65_536, () => {
      this.cut.run(position)
      this.renumber.run(position)
    })
  }

  close(): void {
    try {
      this.flush()
    } finally {
      this.open.close()
    }
  }
}

interface ApprovedRow extends Pick<Approval, 'pattern' | 'sign' | 'step'> {
  readonly placebo: number
  /** Seconds. */
  readonly timestamp: number
  /** Absent from files of older runs, and null where such a file was migrated. */
  readonly traded?: number | null
}

/** Every column there is: files of older runs lack `traded`. */
const everyApproval = "SELECT * FROM patterns WHERE status = 'approved' ORDER BY id"

function approvalOf({ pattern, sign, step, timestamp, placebo, traded }: ApprovedRow): Approval {
  const isTraded = traded === null || traded === undefined ? null : traded !== 0
  return { pattern, sign, step, time: Math.round(timestamp * SECOND_MS), placebo: placebo !== 0, traded: isTraded }
}

/** The approvals in an existing archive, oldest first. */
export function approvalsIn(path: string): Approval[] {
  const db = openReadOnly(path)
  try {
    return withRetry(path, 'reading', 0, () => {
      fault('storage.read')
      return (db.prepare(everyApproval).all() as ApprovedRow[]).map(approvalOf)
    })
  } finally {
    db.close()
  }
}
