/** The summary of a UTC day: equity, trades, P&L by portfolio, pair and pattern, and locks, from the ledger. Each is made once, restarts included. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { DAY_MS, fromUsdE6, grouped } from '../../../core/index.js'
import { type LedgerLock, type LedgerTrade, locksBetween, tradesBetween } from '../../../storage/index.js'
import { liveLimits } from '../limits.js'
import type { LiveStatus } from './status.js'

/** Trades and their P&L under one name. */
export interface PnlSum {
  readonly trades: number
  readonly pnlUsd: number
}

/** What happened in one UTC day. */
export interface DailySummary {
  /** `2026-01-31`. */
  readonly day: string
  readonly trades: number
  readonly pnlUsd: number
  /** At the time of the summary; null: not known, as of a day that is made up for later. */
  readonly equityUsd: Readonly<Record<string, number | null>>
  readonly byPortfolio: Readonly<Record<string, PnlSum>>
  readonly byPair: Readonly<Record<string, PnlSum>>
  /** Trades without a pattern are under `indicators`. */
  readonly byPattern: Readonly<Record<string, PnlSum>>
  readonly halts: readonly {
    readonly portfolio: string
    readonly pair: string | null
    readonly kind: string
    readonly reason: string
  }[]
}

/** Names of a list that the text has; the others are counted. */
const mostNamed = 5
/** After a failure it is tried again this much later, ms. */
const retryMs = 60_000

export interface DailySettings {
  readonly scenario: string
  /** The file of summaries, a line a day: what stands there has been sent. */
  readonly file: string
  readonly ledger: string
  readonly send: (text: string, summary: DailySummary) => void
  readonly onFailed: (error: unknown) => void
}

export class DailySummaries {
  /** The day to be summarised next, days since 1970. */
  private next: number | undefined
  private retryAt = Number.NEGATIVE_INFINITY

  constructor(private readonly settings: DailySettings) {}

  /** Sends the summary of each day that is over and has none. */
  status({ state, updatedAt, portfolios }: Pick<LiveStatus, 'state' | 'updatedAt' | 'portfolios'>): void {
    if (state !== 'live' || Object.keys(portfolios).length === 0 || updatedAt < this.retryAt) return
    try {
      const today = Math.floor(updatedAt / DAY_MS)
      this.next ??= this.begin(today)
      for (; this.next < today; this.next++) {
        if (today - this.next <= liveLimits.summaryDays) this.summarise(this.next, this.next === today - 1 ? portfolios : {})
      }
    } catch (error) {
      this.retryAt = updatedAt + retryMs
      this.settings.onFailed(error)
    }
  }

  private begin(today: number): number {
    const last = lastDayIn(this.settings.file)
    if (last !== undefined) return last
    this.append({ begun: dayText(today) })
    return today
  }

  private summarise(day: number, portfolios: LiveStatus['portfolios']): void {
    const { ledger, scenario, send } = this.settings
    const summary = summaryIn(ledger, day, portfolios)
    // Written before it is sent: a crash between the two loses a notice rather than sending it twice.
    this.append(summary)
    send(dailyText(scenario, summary), summary)
  }

  private append(line: object): void {
    appendFileSync(this.settings.file, `${JSON.stringify(line)}\n`)
  }
}

/** The day that lasts at an instant, as far as it has come. */
export function dayUnderWay(ledger: string, { scenario, portfolios }: LiveStatus, now: number): string {
  return dailyText(scenario, summaryIn(ledger, Math.floor(now / DAY_MS), portfolios))
}

function summaryIn(ledger: string, day: number, portfolios: LiveStatus['portfolios']): DailySummary {
  const [from, to] = [day * DAY_MS, (day + 1) * DAY_MS]
  const equity = Object.entries(portfolios).map(([name, portfolio]) => [name, portfolio?.equityUsd ?? null])
  return summaryOf(dayText(day), tradesBetween(ledger, from, to), locksBetween(ledger, from, to), Object.fromEntries(equity))
}

function summaryOf(
  day: string,
  trades: readonly LedgerTrade[],
  locks: readonly LedgerLock[],
  equityUsd: Readonly<Record<string, number | null>>,
): DailySummary {
  return {
    day,
    ...sumOf(trades),
    equityUsd,
    byPortfolio: sumsBy(trades, ({ portfolio }) => portfolio),
    byPair: sumsBy(trades, ({ pair }) => pair),
    byPattern: sumsBy(trades, ({ pattern }) => pattern ?? 'indicators'),
    halts: locks.map(({ portfolio, pair, kind, reason }) => ({ portfolio, pair, kind, reason })),
  }
}

/** In a few lines, for a notice. */
export function dailyText(scenario: string, summary: DailySummary): string {
  const { day, byPortfolio, byPair, byPattern, halts, equityUsd } = summary
  const portfolios = [...new Set([...Object.keys(equityUsd), ...Object.keys(byPortfolio)])].map(name => {
    const equity = equityUsd[name]
    const worth = equity === undefined || equity === null ? '' : `, equity ${grouped(equity, 2)} USD`
    return `${name} ${sumText(byPortfolio[name] ?? { trades: 0, pnlUsd: 0 })}${worth}`
  })
  const locks = halts.map(({ portfolio, pair, kind }) => `${portfolio} (${kind}${pair === null ? '' : ` in ${pair}`})`)
  return [
    `${scenario}, ${day} (UTC): ${sumText(summary)}.`,
    ...portfolios.map(text => `${text}.`),
    ...(summary.trades === 0 ? [] : [`Pairs: ${named(byPair)}.`, `Patterns: ${named(byPattern)}.`]),
    `Halts: ${locks.length === 0 ? 'none' : firstOf(locks, ', ')}.`,
  ].join('\n')
}

function sumsBy(trades: readonly LedgerTrade[], nameOf: (trade: LedgerTrade) => string): Record<string, PnlSum> {
  const groups = new Map<string, LedgerTrade[]>()
  for (const trade of trades) {
    const name = nameOf(trade)
    const group = groups.get(name) ?? []
    groups.set(name, group)
    group.push(trade)
  }
  return Object.fromEntries([...groups].map(([name, own]) => [name, sumOf(own)]))
}

function sumOf(trades: readonly LedgerTrade[]): PnlSum {
  return { trades: trades.length, pnlUsd: fromUsdE6(trades.reduce((sum, { pnlE6 }) => sum + pnlE6, 0)) }
}

function sumText({ trades, pnlUsd }: PnlSum): string {
  return `${grouped(trades)} ${trades === 1 ? 'trade' : 'trades'}, P&L ${pnlUsd > 0 ? '+' : ''}${grouped(pnlUsd, 2)} USD`
}

/** Those that moved most first. */
function named(sums: Readonly<Record<string, PnlSum>>): string {
  const sorted = Object.entries(sums).sort((a, b) => Math.abs(b[1].pnlUsd) - Math.abs(a[1].pnlUsd))
  return firstOf(
    sorted.map(([name, sum]) => `${name} ${sumText(sum)}`),
    '; ',
  )
}

function firstOf(texts: readonly string[], between: string): string {
  const more = texts.length > mostNamed ? ` and ${texts.length - mostNamed} more` : ''
  return texts.slice(0, mostNamed).join(between) + more
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** The day after the last one summarised, or the day of the begin; undefined where the file says neither. */
function lastDayIn(file: string): number | undefined {
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  for (const line of lines.reverse()) {
    const { day, begun } = parsed(line)
    const time = Date.parse(String(day ?? begun))
    if (Number.isFinite(time)) return time / DAY_MS + (day === undefined ? 0 : 1)
  }
  return undefined
}

/** A line that a crash cut off says nothing. */
function parsed(line: string): { readonly day?: unknown; readonly begun?: unknown } {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
