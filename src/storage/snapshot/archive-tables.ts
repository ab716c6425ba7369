/** The tables of `snapshots.db`: what was fetched, what was decided on it, and what was traded on paper. Each row is linked to the one before. */

import type { TimeMs } from '../../core/index.js'
import type { SqlTable } from '../sql-table.js'
import { createTable } from '../sql-table.js'
import type { DatabaseKind, Db } from '../sqlite.js'

/** A row as it is kept: its content as canonical JSON, and the SHA-256 over the link before and that. */
export interface LinkedRow {
  readonly seq: number
  readonly key: string
  readonly time: TimeMs
  readonly body: string
  readonly link: string
}

const linked = (name: string, meaning: string, key: string): SqlTable<LinkedRow> => ({
  name,
  meaning,
  isAppendOnly: true,
  columns: {
    seq: { type: 'integer', sql: 'INTEGER PRIMARY KEY', meaning: 'From 1 on, without a gap.', read: r => r.seq },
    key: { type: 'text', sql: 'TEXT NOT NULL UNIQUE', meaning: key, read: r => r.key },
    time: { type: 'time', meaning: 'When.', read: r => r.time },
    body: { type: 'text', meaning: 'The row, as canonical JSON.', read: r => r.body },
    link: { type: 'text', meaning: 'SHA-256 of the link before, seq, key, time and body, as hex.', read: r => r.link },
  },
})

/** In the order in which a cycle fills them. */
export const archiveTables = {
  snapshots: linked('snapshots', 'One row a snapshot that was fetched.', '`user@generated_at`.'),
  policies: linked('policies', 'What was decided by: rules, limits and catalogue.', 'SHA-256 of the body.'),
  cycles: linked('cycles', 'One row a cycle: the last snapshot it knew, its policy, and what was skipped.', 'When, as text.'),
  paper_decisions: linked('paper_decisions', 'One row a decision that reached the gate, or left a position.', 'The decision.'),
  paper_fills: linked('paper_fills', 'One row a fill on paper.', 'The decision it came of.'),
} as const

export type ArchiveTable = keyof typeof archiveTables

/** @internal */
export const archiveKind: DatabaseKind = {
  title: 'snapshot archive',
  version: 1,
  mainTable: 'snapshots',
  create: (db: Db) => {
    for (const table of Object.values(archiveTables)) db.exec(createTable(table))
    db.exec('CREATE TABLE heads (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, link TEXT NOT NULL)')
    db.pragma('user_version = 1')
  },
  // The first version: there is no older one.
  upgrade: () => undefined,
}
