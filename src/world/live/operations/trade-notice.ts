/** Notices of finished trades: those of a few seconds are told together, so that a busy minute is no flood. */

import { fromUsdE6, grouped } from '../../../core/index.js'
import type { Trade } from '../../../trading/index.js'
import { liveLimits } from '../limits.js'
import type { RunNotices } from './run-notices.js'

/** Trades that one notice lists; the others are summed. */
const mostListed = 10

export class TradeNotices {
  private waiting: Trade[] = []
  private sentAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly scenario: string,
    private readonly notices: Pick<RunNotices, 'send'>,
  ) {}

  add(trades: readonly Trade[]): void {
    this.waiting.push(...trades)
  }

  /** Sends what waits, where the last notice is long enough ago. */
  poll(now: number): void {
    if (this.waiting.length === 0 || now - this.sentAt < liveLimits.tradeNoticeMs) return
    this.sentAt = now
    this.notices.send('P3', `trades ${this.waiting.at(-1)?.tradeId}`, tradeNotice(this.scenario, this.waiting))
    this.waiting = []
  }
}

export function tradeNotice(scenario: string, trades: readonly Trade[]): string {
  const lines = trades.slice(0, mostListed).map(lineOf)
  const rest = trades.slice(mostListed)
  const pnlE6 = rest.reduce((sum, trade) => sum + trade.pnlE6, 0)
  const more = rest.length === 0 ? [] : [`and ${rest.length} more, together ${signedUsd(pnlE6)}`]
  const [only] = lines
  return lines.length === 1 && only !== undefined
    ? `${scenario}: ${only}`
    : [`${scenario}: ${trades.length} trades`, ...lines, ...more].join('\n')
}

function lineOf({ portfolio, pair, direction, pnlE6, entryNotionalE6, reason, barsHeld, tradeId }: Trade): string {
  const share = grouped((pnlE6 / entryNotionalE6) * 100, 2)
  const side = direction > 0 ? 'long' : 'short'
  return `${portfolio} closed ${pair} ${side}: ${signedUsd(pnlE6)} (${share} %), ${reason}, ${barsHeld} bars, ${tradeId}`
}

/** `+1.20 USD`. */
export function signedUsd(amountE6: number): string {
  return `${amountE6 > 0 ? '+' : ''}${grouped(fromUsdE6(amountE6), 2)} USD`
}
