/** Counts what the portfolios made of their signals, and pairs the begin of each lock with its end. */

import { type Columns, readTable, tableBlocks, tableExists } from '../storage/index.js'
import { actions, portfolioNames } from '../trading/index.js'
import type { DecisionCounts, Decisions, ListedLock } from './data.js'
import { getOrInsert } from './get-or-insert.js'
import { reportLimits } from './limits.js'

const acted: readonly string[] = actions

interface Tally {
  signals: number
  shrunk: number
  readonly outcomes: Map<string, number>
}

/** Undefined where the run wrote no decisions. */
export async function readDecisions(decisions: string, locks: string): Promise<Decisions | undefined> {
  if (!tableExists(decisions)) return undefined
  const tallies = new Map<string, Tally>(portfolioNames.map(name => [name, newTally()]))
  for await (const { columns, rows } of tableBlocks(decisions, ['portfolio', 'outcome', 'allowed_e8', 'wanted_e8'])) {
    for (let i = 0; i < rows; i++) addRow(tallies, columns, i)
  }
  const all = lockList((await readTable(locks, 'all')) ?? {})
  return {
    counts: Array.from(tallies, ([portfolio, tally]) => countsOf(portfolio, tally)),
    locks: all.slice(-reportLimits.locks),
    lockCount: all.length,
  }
}

function newTally(): Tally {
  return { signals: 0, shrunk: 0, outcomes: new Map() }
}

function addRow(tallies: Map<string, Tally>, columns: Columns, i: number): void {
  const tally = getOrInsert(tallies, String(columns.portfolio?.[i]), newTally)
  const outcome = String(columns.outcome?.[i])
  const [allowed, wanted] = [Number(columns.allowed_e8?.[i]), Number(columns.wanted_e8?.[i])]
  tally.signals++
  if (allowed > 0 && allowed < wanted) tally.shrunk++
  tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1)
}

function countsOf(portfolio: string, { signals, shrunk, outcomes }: Tally): DecisionCounts {
  const of = (outcome: string) => outcomes.get(outcome) ?? 0
  const refused = [...outcomes].filter(([code]) => !acted.includes(code)).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return {
    portfolio,
    signals,
    entries: of('entry'),
    renewals: of('renewal'),
    exits: of('exit'),
    cancels: of('cancelsEntry'),
    shrunk,
    refused: refused.slice(0, reportLimits.reasons),
    otherwise: refused.slice(reportLimits.reasons).reduce((sum, [, n]) => sum + n, 0),
  }
}

/** A lock that grew longer has several rows with `on`; the last one says why. */
function lockList(columns: Columns): ListedLock[] {
  const locks = new Map<string, ListedLock>()
  const ids = columns.id ?? []
  ids.forEach((cell, i) => {
    const id = String(cell)
    const text = (name: string) => String(columns[name]?.[i] ?? '')
    const known = locks.get(id)
    const time = Number(columns.time?.[i])
    if (columns.on?.[i] === false) {
      if (known !== undefined) locks.set(id, { ...known, to: time })
      return
    }
    const pair = columns.pair?.[i]
    locks.set(id, {
      portfolio: text('portfolio'),
      pair: typeof pair === 'string' ? pair : null,
      kind: text('kind'),
      from: known?.from ?? time,
      to: null,
      reason: text('reason'),
      ends: text('ends'),
    })
  })
  return [...locks.values()]
}
