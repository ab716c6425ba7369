/** The tables of `ops.db`: notices to people with their deliveries, and what a supervisor saw and did. */

import type { Notice, TimeMs } from '../core/index.js'
import type { SqlTable } from './sql-table.js'

/** What becomes of a notice. `repeated`: one of the same key came shortly before, so it is not sent by itself. */
export type NoticeState = 'waiting' | 'sent' | 'repeated' | 'failed' | 'dropped' | 'acknowledged' | 'expired'

interface NoticeRow extends Notice {
  readonly state: NoticeState
}

export const noticesTable: SqlTable<NoticeRow> = {
  name: 'notices',
  meaning: 'One row a notice, also where it was not sent by itself because it repeats another.',
  columns: {
    id: { type: 'integer', sql: 'INTEGER PRIMARY KEY AUTOINCREMENT', meaning: 'In the order in which they came.' },
    severity: { type: 'text', meaning: '`P0` (a person must act now) to `P3` (for information).', read: n => n.severity },
    key: { type: 'text', meaning: 'What it is about.', read: n => n.key },
    text: { type: 'text', meaning: 'What people read, without secrets.', read: n => n.text },
    run_id: { type: 'text', meaning: 'The run, or the supervisor, that it is of.', read: n => n.runId },
    time_ms: { type: 'time', meaning: 'When it was said.', read: n => n.time },
    state: {
      type: 'text',
      meaning: '`waiting`, `sent`, `repeated`, `failed` (nobody took it), `dropped` (no room), `acknowledged` or `expired`.',
      read: n => n.state,
    },
    acknowledged_ms: {
      type: 'time',
      nullable: true,
      meaning: 'When a person acknowledged it; null: nobody did.',
      read: () => null,
    },
  },
}

export interface DeliveryRow {
  readonly notice: number
  readonly channel: string
  readonly time: TimeMs
}

export const deliveriesTable: SqlTable<DeliveryRow> = {
  name: 'deliveries',
  meaning: 'One row each time that a channel took a notice.',
  columns: {
    notice: { type: 'integer', meaning: 'The notice.', read: d => d.notice },
    channel: { type: 'text', meaning: '`Slack`, `Discord` or `Telegram`.', read: d => d.channel },
    time_ms: { type: 'time', meaning: 'When it was taken.', read: d => d.time },
  },
}

/** Something that a supervisor saw or did. */
export interface OpsEvent {
  readonly time: TimeMs
  /** The child; empty: the supervisor itself. */
  readonly child: string
  /** `started`, `ended`, `restart`, `killed`, `fault`, `healed`, `level`, `gave up` … */
  readonly kind: string
  readonly detail: Readonly<Record<string, unknown>>
}

export const opsEventsTable: SqlTable<OpsEvent> = {
  name: 'events',
  meaning: 'One row a thing that the supervisor saw or did.',
  columns: {
    id: { type: 'integer', sql: 'INTEGER PRIMARY KEY AUTOINCREMENT', meaning: 'In order.' },
    time_ms: { type: 'time', meaning: 'When.', read: e => e.time },
    child: { type: 'text', meaning: 'Which child; empty: the supervisor itself.', read: e => e.child },
    kind: {
      type: 'text',
      meaning: '`started`, `ended`, `restart`, `hung`, `fault`, `healed`, `level`, `gave up` and so on.',
      read: e => e.kind,
    },
    detail: { type: 'text', meaning: 'The rest, a JSON object.', read: e => JSON.stringify(e.detail) },
  },
}
