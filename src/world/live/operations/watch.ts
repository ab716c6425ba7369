/** What watches a shard for its operator: events and conditions to the log, trades and daily summaries to people. */

import { existsSync } from 'node:fs'
import { lastTradeIn, type RunDirectory } from '../../../storage/index.js'
import type { Trade } from '../../../trading/index.js'
import { ConditionLog } from './condition-log.js'
import { DailySummaries } from './daily-summary.js'
import { EventLog } from './event-log.js'
import { type LastTrade, lastTradeOf } from './last-trade.js'
import type { LiveLog } from './log.js'
import type { RunNotices } from './run-notices.js'
import type { LiveStatus } from './status.js'
import { TradeNotices } from './trade-notice.js'

export interface WatchOptions {
  readonly scenario: string
  readonly directory: Pick<RunDirectory, 'file'>
  readonly log: LiveLog | undefined
  readonly notices: Pick<RunNotices, 'send' | 'counters'> | undefined
}

export class Watch {
  lastTrade: LastTrade | null
  private readonly events: EventLog | undefined
  private readonly conditions: ConditionLog | undefined
  private readonly trades: TradeNotices | undefined
  private readonly summaries: DailySummaries

  constructor(private readonly options: WatchOptions) {
    const { scenario, directory, log, notices } = options
    const ledger = directory.file('trades.db')
    this.lastTrade = lastTradeOn(ledger)
    this.events = log && new EventLog(log)
    this.conditions = log && new ConditionLog(log)
    this.trades = notices && new TradeNotices(scenario, notices)
    this.summaries = new DailySummaries({
      scenario,
      file: directory.file('daily.jsonl'),
      ledger,
      send: (text, summary) => {
        log?.event('info', 'day', summary)
        notices?.send('P3', `day ${summary.day}`, text)
      },
      onFailed: error => log?.event('error', 'daily summary failed', { error: String(error) }),
    })
  }

  /** A message that the shard published or heard; bars of the past are no events. */
  heard(topic: unknown, message: unknown, isWarming: boolean): void {
    if (!isWarming) this.events?.add(topic, message)
  }

  /** The tick is on disk. */
  committed(trades: readonly Trade[]): void {
    this.events?.committed()
    this.trades?.add(trades)
    const last = trades.at(-1)
    if (last !== undefined) this.lastTrade = lastTradeOf(last)
  }

  status(status: LiveStatus): void {
    this.conditions?.status(status)
    // What is over has no later moment to tell of its last trades.
    this.trades?.poll(status.state === 'live' ? status.updatedAt : Number.POSITIVE_INFINITY)
    this.summaries.status(status)
  }

  /** What could not be written or sent. */
  get losses(): Readonly<Record<string, number>> {
    const { log, notices } = this.options
    const { failed = 0, dropped = 0 } = notices?.counters ?? {}
    return { logUnwritten: log?.unwritten ?? 0, noticesFailed: failed, noticesDropped: dropped }
  }
}

/** Null in a shard without Trading, which has no such ledger. */
function lastTradeOn(ledger: string): LastTrade | null {
  const last = existsSync(ledger) ? lastTradeIn(ledger) : undefined
  return last === undefined ? null : lastTradeOf(last)
}
