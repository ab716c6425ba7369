/** A live run in a few lines, for a chat: how it is, and what it has earned. */

import { DAY_MS, fromUsdE6, grouped } from '../../../core/index.js'
import { tradesPage } from '../../../storage/index.js'
import type { LiveStatus } from './status.js'

/** Trades of a day that are added up, the latest first. */
const mostTrades = 10_000

export function statusText({ scenario, state, step, portfolios, halts, stalePairs, linkDownSince, why }: LiveStatus): string {
  const held = Object.entries(portfolios).flatMap(([name, each]) => (each?.positions ?? []).map(({ pair }) => `${name} ${pair}`))
  return [
    `${scenario}: ${state}, step ${grouped(step)}.`,
    held.length === 0 ? 'Nothing is held.' : `Held: ${listed(held)}.`,
    ...(halts.length === 0
      ? []
      : [
          `HALTED: ${listed(halts.map(({ portfolio, pair, kind }) => `${portfolio}${pair === null ? '' : ` ${pair}`} (${kind})`))}.`,
        ]),
    ...(stalePairs.length === 0 ? [] : [`No fresh data: ${listed(stalePairs.map(({ pair }) => pair))}.`]),
    ...(linkDownSince === null ? [] : ['The link to other processes is down: exits only.']),
    why,
  ].join('\n')
}

export function profitText({ scenario, portfolios }: LiveStatus): string {
  const lines = Object.entries(portfolios).map(([name, each]) => {
    return `${name}: equity ${money(each?.equityUsd)}, P&L ${money(each?.pnlUsd)}, ${grouped(each?.trades ?? 0)} trades.`
  })
  return [`${scenario} since its begin:`, ...lines].join('\n')
}

/** What the UTC day of `now` has brought so far, from the ledger. */
export function dailyText({ scenario }: Pick<LiveStatus, 'scenario'>, ledger: string, now: number): string {
  const since = now - (now % DAY_MS)
  const day = new Date(since).toISOString().slice(0, 10)
  const { rows, next } = tradesPage(ledger, { pair: null, portfolio: null, since, before: null, limit: mostTrades })
  const sums = new Map<string, { trades: number; pnlE6: number }>()
  for (const { portfolio, pnl_e6 } of rows) {
    const sum = sums.get(String(portfolio)) ?? { trades: 0, pnlE6: 0 }
    sums.set(String(portfolio), { trades: sum.trades + 1, pnlE6: sum.pnlE6 + Number(pnl_e6) })
  }
  const lines = [...sums].map(
    ([name, { trades, pnlE6 }]) => `${name}: ${grouped(trades)} trades, P&L ${money(fromUsdE6(pnlE6))}.`,
  )
  const head = `${scenario} on ${day} (UTC)${next === null ? '' : `, of its latest ${grouped(mostTrades)} trades`}:`
  return [head, ...(lines.length === 0 ? ['no trade yet.'] : lines)].join('\n')
}

function listed(names: readonly string[]): string {
  const more = names.length - 12
  return names.slice(0, 12).join(', ') + (more > 0 ? ` and ${grouped(more)} more` : '')
}

function money(usd: number | null | undefined): string {
  return usd === null || usd === undefined ? 'not known' : `${grouped(usd, 2)} USD`
}
