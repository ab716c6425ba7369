/** `ops.db`: the outbox of notices, and the events of a supervisor. A notice is on disk before anybody is told. */

import type { Notice, TimeMs } from '../core/index.js'
import { storageLimits } from './limits.js'
import { deliveriesTable, type NoticeState, noticesTable, type OpsEvent, opsEventsTable } from './ops-tables.js'
import { opsKind } from './schema.js'
import { insertInto, rowValues } from './sql-table.js'
import { type OpenDatabase, openDatabase, transact } from './sqlite.js'

/** A notice as the outbox keeps it. */
export interface StoredNotice extends Notice {
  readonly id: number
  readonly state: NoticeState
}

const noticeFields = 'id, severity, key, text, run_id AS runId, time_ms AS time, state'
/** Bytes that one row needs at most, for the message about a full disk. */
const rowBytes = 16_384

export class OpsRecord {
  private readonly sql

  private constructor(private readonly open: OpenDatabase) {
    const { db } = open
    this.sql = {
      add: db.prepare(insertInto(noticesTable)),
      end: db.prepare('UPDATE notices SET state = @state WHERE id = @id'),
      sent: db.prepare(insertInto(deliveriesTable)),
      acknowledge: db.prepare(
        "UPDATE notices SET state = 'acknowledged', acknowledged_ms = @time WHERE key = @key AND state = 'waiting' AND severity = 'P0'",
      ),
      // sql-ok: a list of columns of our own
      waiting: db.prepare(`SELECT ${noticeFields} FROM notices WHERE state = 'waiting' ORDER BY id`),
      // sql-ok: a list of columns of our own
      after: db.prepare(`SELECT ${noticeFields} FROM notices WHERE id > ? ORDER BY id`),
      since: db.prepare(
        "SELECT key, run_id AS runId, max(time_ms) AS time FROM notices WHERE time_ms > ? AND state <> 'repeated' GROUP BY key, run_id",
      ),
      takenBy: db.prepare('SELECT channel FROM deliveries WHERE notice = ? AND time_ms > ?').pluck(),
      takenSince: db.prepare('SELECT time_ms FROM deliveries WHERE channel = ? AND time_ms > ? ORDER BY time_ms').pluck(),
      event: db.prepare(insertInto(opsEventsTable)),
      events: db.prepare(
        'SELECT time_ms AS time, child, kind, detail FROM events WHERE @kind IS NULL OR kind = @kind ORDER BY id DESC LIMIT @limit',
      ),
      pruneNotices: db.prepare("DELETE FROM notices WHERE id <= (SELECT max(id) FROM notices) - ? AND state <> 'waiting'"),
      pruneDeliveries: db.prepare('DELETE FROM deliveries WHERE notice < (SELECT min(id) FROM notices)'),
      pruneEvents: db.prepare('DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?'),
    }
  }

  /** Opens or makes the record; one process at a time may have it. The oldest rows beyond the limits go. */
  static open(path: string): OpsRecord {
    const open = openDatabase(path, opsKind)
    const record = new OpsRecord(open)
    const { opsNotices, opsEvents } = storageLimits
    transact(open, rowBytes, () => {
      record.sql.pruneNotices.run(opsNotices)
      record.sql.pruneDeliveries.run()
      record.sql.pruneEvents.run(opsEvents)
    })
    return record
  }

  /** The number of the notice, which is on disk when this returns. */
  add(notice: Notice, state: NoticeState): number {
    let id = 0
    this.commit(() => {
      id = Number(this.sql.add.run(rowValues(noticesTable, { ...notice, state })).lastInsertRowid)
    })
    return id
  }

  end(id: number, state: NoticeState): void {
    this.commit(() => void this.sql.end.run({ id, state }))
  }

  taken(notice: number, channel: string, time: TimeMs): void {
    this.commit(() => void this.sql.sent.run(rowValues(deliveriesTable, { notice, channel, time })))
  }

  /** Ends every P0 of the key; returns how many there were. */
  acknowledge(key: string, time: TimeMs): number {
    let n = 0
    this.commit(() => {
      n = this.sql.acknowledge.run({ key, time }).changes
    })
    return n
  }

  /** What is not over, the oldest first. */
  waiting(): StoredNotice[] {
    return this.sql.waiting.all() as StoredNotice[]
  }

  /** Every notice after the one of this number. */
  after(id: number): StoredNotice[] {
    return this.sql.after.all(id) as StoredNotice[]
  }

  /** The newest notice of each key since then, without those that only repeat it. */
  newestSince(time: TimeMs): Pick<Notice, 'key' | 'runId' | 'time'>[] {
    return this.sql.since.all(time) as Pick<Notice, 'key' | 'runId' | 'time'>[]
  }

  /** The channels that took a notice since then. */
  takenBy(notice: number, since: TimeMs): string[] {
    return this.sql.takenBy.all(notice, since) as string[]
  }

  /** When a channel took a notice, since then. */
  takenSince(channel: string, since: TimeMs): TimeMs[] {
    return this.sql.takenSince.all(channel, since) as TimeMs[]
  }

  event(event: OpsEvent): void {
    this.commit(() => void this.sql.event.run(rowValues(opsEventsTable, event)))
  }

  /** The newest first; `kind`: of one kind alone. */
  events(limit: number, kind: string | null = null): OpsEvent[] {
    const rows = this.sql.events.all({ limit, kind }) as (Omit<OpsEvent, 'detail'> & { detail: string })[]
    return rows.map(row => ({ ...row, detail: JSON.parse(row.detail) as OpsEvent['detail'] }))
  }

  close(): void {
    this.open.close()
  }

  private commit(work: () => void): void {
    transact(this.open, rowBytes, work)
  }
}
