/** The panel of a live run as text: portfolios, positions and conditions under headings, within a terminal's width. */

import type { PositionStatus } from '../trading/index.js'
import type { LiveStatus } from '../world/index.js'
import { type FittedColumn, fittedTable, wrapped } from './fitted.js'
import { duration, grouped, percent } from './text.js'

/** Topics in doubt shown by name: in an outage all of them are. */
const mostTopics = 6
const mostPositions = 12

/** The lines of the panel; none is longer than `width`. */
export function livePanel(status: LiveStatus, width = Number.POSITIVE_INFINITY): string {
  const { scenario, runId, state, step, tick, updatedAt, startedAt, timing, why } = status
  const head = `${scenario} ${runId}: ${state} for ${duration(updatedAt - startedAt)}, step ${grouped(step)}, tick ${grouped(tick)}, commit ${timing.commitMs.toFixed(1)} ms`
  const conditions = status.conditions.filter(({ code }) => code !== 'state').map(({ text }) => wrapped(text, width))
  return [
    wrapped(head, width),
    whyLines(why, width),
    portfolioTable(status, width),
    positionTable(status, width),
    ...conditions,
    doubts(status, width),
    wrapped(counters(status), width),
  ].join('')
}

/** Why nothing is traded, or what became of each portfolio's signals. */
function whyLines(why: string, width: number): string {
  if (!why.includes('\n')) return why === '' ? '' : wrapped(`Why: ${why}`, width)
  return `Why:\n${why
    .split('\n')
    .map(line => wrapped(`- ${line}`, width))
    .join('')}`
}

function portfolioTable({ portfolios }: LiveStatus, width: number): string {
  const all = Object.entries(portfolios)
  if (all.length === 0) return ''
  const column = (head: string, keep: number, of: (portfolio: (typeof all)[number][1]) => string): FittedColumn => {
    return { head, keep, align: 'right', cells: all.map(([, portfolio]) => of(portfolio)) }
  }
  const columns: FittedColumn[] = [
    { head: 'portfolio', keep: 9, align: 'left', cells: all.map(([name]) => name) },
    column('equity', 5, portfolio => money(portfolio?.equityUsd)),
    column('P&L', 8, portfolio => signed(portfolio?.pnlUsd)),
    column('trades', 6, portfolio => grouped(portfolio?.trades ?? 0)),
    column('open', 4, portfolio => grouped(portfolio?.positions.length ?? 0)),
    column('signals', 3, portfolio => grouped(portfolio?.signals ?? 0)),
    column('', 7, portfolio => (portfolio?.halted ? 'halted' : '')),
  ]
  return fittedTable(columns, width)
}

/** On a narrow terminal the columns go in this order: value, bars, entry, target, stop, now, side, portfolio. */
function positionTable({ portfolios }: LiveStatus, width: number): string {
  const all = Object.entries(portfolios).flatMap(([name, portfolio]) => (portfolio?.positions ?? []).map(p => ({ name, ...p })))
  if (all.length === 0) return ''
  const shown = all.slice(0, mostPositions)
  const column = (head: string, keep: number, of: (p: (typeof shown)[number]) => string): FittedColumn => {
    return { head, keep, align: 'right', cells: shown.map(of) }
  }
  const columns: FittedColumn[] = [
    { ...column('position', 8, p => p.name), align: 'left' },
    { ...column('pair', 9, p => p.pair), align: 'left' },
    column('side', 7, p => (p.direction > 0 ? 'long' : 'short')),
    column('entry', 3, p => price(p.entryPriceUsd)),
    column('now', 6, p => price(p.priceUsd)),
    column('P&L', 10, p => signed(p.pnlUsd)),
    column('to stop', 5, p => distance(p, p.stopUsd, -1)),
    column('to target', 4, p => distance(p, p.targetUsd, 1)),
    column('value', 1, p => money(p.valueUsd)),
    column('bars', 2, p => grouped(p.barsHeld)),
  ]
  const more = all.length > mostPositions ? wrapped(`… and ${all.length - mostPositions} more`, width) : ''
  return fittedTable(columns, width) + more
}

/** How far the price has to go to a level, a share of the price; below zero where it is beyond it. */
function distance({ direction, priceUsd }: PositionStatus, levelUsd: number | null, side: 1 | -1): string {
  if (levelUsd === null || priceUsd === null) return '–'
  return percent((side * direction * (levelUsd - priceUsd)) / priceUsd)
}

function doubts({ staleStreams, staleTopics }: LiveStatus, width: number): string {
  const out: string[] = []
  if (staleStreams.length > 0) out.push(`Stale streams: ${staleStreams.map(s => s.stream).join(', ')}.`)
  for (const [doubt, topics] of byDoubt(staleTopics)) {
    const named = topics.slice(0, mostTopics).join(', ')
    const more = topics.length > mostTopics ? ` and ${topics.length - mostTopics} more` : ''
    out.push(`Topics in doubt (${doubt}): ${named}${more}.`)
  }
  return out.map(text => wrapped(text, width)).join('')
}

function byDoubt(stale: LiveStatus['staleTopics']): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { topic, doubt } of stale) groups.set(doubt, [...(groups.get(doubt) ?? []), topic])
  return groups
}

function counters({ ideas, collisions, missed, rejected, quarantined, counters: { world } }: LiveStatus): string {
  const { overruns = 0, stepsSkipped = 0 } = world
  const parts = [`${grouped(ideas)} ideas`, `${grouped(collisions)} collisions`]
  parts.push(
    `${grouped(missed)} missed`,
    `${grouped(rejected)} rejected`,
    `${overruns} overruns`,
    `${stepsSkipped} steps skipped`,
  )
  if (quarantined.length > 0) parts.push(`quarantined: ${quarantined.map(q => q.agent).join(', ')}`)
  return parts.join(', ')
}

export function money(usd: number | null | undefined): string {
  return usd === null || usd === undefined ? '–' : grouped(usd, 2)
}

function signed(usd: number | null | undefined): string {
  return `${(usd ?? 0) > 0 ? '+' : ''}${money(usd)}`
}

/** Five significant digits, at least two decimals. */
function price(usd: number | null): string {
  if (usd === null) return '–'
  const size = Math.abs(usd)
  return grouped(usd, size >= 1_000 || size === 0 ? 2 : Math.max(2, 4 - Math.floor(Math.log10(size))))
}
