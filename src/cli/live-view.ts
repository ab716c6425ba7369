/** The state of a live run on standard error: a panel that is redrawn on a terminal, a plain line at intervals elsewhere. */

import { dataEndedSentence } from '../trading/index.js'
import type { LiveStatus } from '../world/index.js'
import type { Io } from './io.js'
import { columns, duration, grouped } from './text.js'

export interface LiveView {
  show(status: LiveStatus): void
  /** One sentence, above the panel. */
  note(text: string): void
  stop(): void
}

const betweenLinesMs = 10_000

export function liveView(io: Io): LiveView {
  return io.interactive ? panel(io) : lines(io)
}

function panel(io: Io): LiveView {
  let drawn = 0
  const clear = () => {
    if (drawn > 0) io.err(`\u001b[${drawn}A\u001b[J`)
    drawn = 0
  }
  return {
    show(status) {
      clear()
      const text = livePanel(status)
      io.err(text)
      drawn = text.split('\n').length - 1
    },
    note(text) {
      clear()
      io.err(`${text}\n`)
    },
    stop: () => undefined,
  }
}

function lines(io: Io): LiveView {
  let next = 0
  let before = ''
  return {
    show(status) {
      const state = [status.state, ...status.halts.map(h => `${h.portfolio} ${h.kind}`)].join()
      const now = performance.now()
      if (now < next && state === before) return
      next = now + betweenLinesMs
      before = state
      io.err(`${liveLine(status)}\n`)
    },
    note: text => io.err(`${text}\n`),
    stop: () => undefined,
  }
}

export function liveLine(status: LiveStatus): string {
  const { step, ideas, collisions, portfolios, halts, stalePairs, missed, state } = status
  const pnl = Object.entries(portfolios).map(([name, portfolio]) => `${name} ${money(portfolio?.pnlUsd)}`)
  const held = Object.values(portfolios).reduce((sum, portfolio) => sum + (portfolio?.positions.length ?? 0), 0)
  const parts = [state, `step ${grouped(step)}`, `${grouped(ideas)} ideas`, `${grouped(collisions)} collisions`, ...pnl]
  parts.push(`${held} positions`)
  if (halts.length > 0) parts.push(`HALTED: ${halts.map(h => `${h.portfolio} (${h.kind})`).join(', ')}`)
  if (stalePairs.length > 0) parts.push(`${stalePairs.length} pairs stale`)
  if (missed > 0) parts.push(`${grouped(missed)} messages missed`)
  return parts.join(', ')
}

/** The lines of the panel. */
export function livePanel(status: LiveStatus): string {
  const { scenario, runId, state, step, tick, updatedAt, startedAt, timing } = status
  const head = `${scenario} ${runId}: ${state} for ${duration(updatedAt - startedAt)}, step ${grouped(step)}, tick ${grouped(tick)}, commit ${timing.commitMs.toFixed(1)} ms\n`
  return [
    head,
    portfolioTable(status),
    positionTable(status),
    doubts(status),
    endedPairs(status),
    haltLines(status),
    counterLine(status),
  ]
    .filter(part => part !== '')
    .join('')
}

function portfolioTable({ portfolios }: LiveStatus): string {
  const rows = Object.entries(portfolios).map(([name, portfolio]) => {
    const positions = String(portfolio?.positions.length ?? 0)
    return [
      name,
      money(portfolio?.equityUsd),
      money(portfolio?.pnlUsd),
      grouped(portfolio?.trades ?? 0),
      positions,
      portfolio?.halted ? 'halted' : '',
    ]
  })
  return rows.length === 0 ? '' : columns([['book', 'equity', 'P&L', 'trades', 'open', ''], ...rows])
}

/** Most topics in doubt shown by name: in an outage all of them are. */
const mostTopics = 6
const mostPositions = 12

function positionTable({ portfolios }: LiveStatus): string {
  const all = Object.entries(portfolios).flatMap(([name, portfolio]) => (portfolio?.positions ?? []).map(p => ({ name, ...p })))
  if (all.length === 0) return ''
  const rows = all.slice(0, mostPositions).map(p => {
    return [
      `  ${p.name}`,
      p.pair,
      p.direction > 0 ? 'long' : 'short',
      grouped(p.entryPriceUsd, 4),
      money(p.valueUsd),
      `${p.barsHeld} bars`,
    ]
  })
  const more = all.length > mostPositions ? `  … and ${all.length - mostPositions} more\n` : ''
  return columns(rows) + more
}

function doubts({ stalePairs, staleStreams, staleTopics, linkDownSince, updatedAt }: LiveStatus): string {
  const since = (time: number | null) => (time === null ? '' : ` for ${duration(updatedAt - time)}`)
  const out: string[] = []
  if (linkDownSince !== null) out.push(`Link down${since(linkDownSince)}: exits only.\n`)
  if (stalePairs.length > 0) {
    out.push(`No entries in ${stalePairs.map(p => `${p.pair} (${p.state}${since(p.since)})`).join(', ')}.\n`)
  }
  if (staleStreams.length > 0) out.push(`Stale streams: ${staleStreams.map(s => s.stream).join(', ')}.\n`)
  for (const [doubt, topics] of byDoubt(staleTopics)) {
    const named = topics.slice(0, mostTopics).join(', ')
    const more = topics.length > mostTopics ? ` and ${topics.length - mostTopics} more` : ''
    out.push(`Topics in doubt (${doubt}): ${named}${more}.\n`)
  }
  return out.join('')
}

/** Pairs whose data ended while a position was open; a status of an older process tells of none. */
function endedPairs({ dataEnded = [], dataEndedLoss }: LiveStatus): string {
  return dataEnded.length === 0 ? '' : `${dataEndedSentence(dataEnded, dataEndedLoss)}\n`
}

function byDoubt(stale: LiveStatus['staleTopics']): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { topic, doubt } of stale) groups.set(doubt, [...(groups.get(doubt) ?? []), topic])
  return groups
}

function haltLines({ halts }: LiveStatus): string {
  return halts
    .map(h => `HALTED ${h.portfolio}${h.pair === null ? '' : ` in ${h.pair}`}: ${h.reason}. Ends: ${h.ends}. Lock ${h.id}.\n`)
    .join('')
}

function counterLine({ ideas, collisions, approved, missed, rejected, quarantined, counters }: LiveStatus): string {
  const { overruns = 0, stepsSkipped = 0 } = counters.world
  const parts = [`${grouped(ideas)} ideas`, `${grouped(collisions)} collisions`, `${approved} patterns in force`]
  parts.push(
    `${grouped(missed)} missed`,
    `${grouped(rejected)} rejected`,
    `${overruns} overruns`,
    `${stepsSkipped} steps skipped`,
  )
  if (quarantined.length > 0) parts.push(`quarantined: ${quarantined.map(q => q.agent).join(', ')}`)
  return `${parts.join(', ')}\n`
}

function money(usd: number | null | undefined): string {
  return usd === null || usd === undefined ? '–' : grouped(usd, 2)
}
