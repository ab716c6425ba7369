/** A live run in a few lines, for a chat: how it is, and what it has earned. */

import { grouped } from '../../../core/index.js'
import type { LiveStatus } from './status.js'

export function statusText({ scenario, state, step, portfolios, conditions, why }: LiveStatus): string {
  const held = Object.entries(portfolios).flatMap(([name, each]) => (each?.positions ?? []).map(({ pair }) => `${name} ${pair}`))
  return [
    `${scenario}: ${state}, step ${grouped(step)}.`,
    held.length === 0 ? 'Nothing is held.' : `Held: ${listed(held)}.`,
    ...conditions.filter(({ isTrouble }) => isTrouble).map(({ text }) => text),
    why,
  ].join('\n')
}

export function profitText({ scenario, portfolios }: LiveStatus): string {
  const lines = Object.entries(portfolios).map(([name, each]) => {
    return `${name}: equity ${money(each?.equityUsd)}, P&L ${money(each?.pnlUsd)}, ${grouped(each?.trades ?? 0)} trades.`
  })
  return [`${scenario} since its begin:`, ...lines].join('\n')
}

function listed(names: readonly string[]): string {
  const more = names.length - 12
  return names.slice(0, 12).join(', ') + (more > 0 ? ` and ${grouped(more)} more` : '')
}

function money(usd: number | null | undefined): string {
  return usd === null || usd === undefined ? 'not known' : `${grouped(usd, 2)} USD`
}
