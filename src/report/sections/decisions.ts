/** The decisions: what each portfolio made of its signals, why it did nothing, and the locks of the run. */

import { refusalReasons } from '../../trading/index.js'
import type { DecisionCounts, Decisions, ListedLock, TradingReport } from '../data.js'
import { counted, instant, integer } from '../format.js'
import { type ReportPanel, type Section, table } from '../panels.js'
import { titleOf } from '../summary.js'

/** Nothing for a run of an older version, which kept no decisions. */
export function decisionsSection({ trading: { decisions } }: TradingReport): Section[] {
  if (decisions === undefined) return []
  const total = decisions.counts.reduce((sum, { signals }) => sum + signals, 0)
  const lead = `${counted(total, 'decision')} of the portfolios are in the table decisions; mycelia explain tells any of them in sentences.`
  return [
    {
      id: 'decisions',
      title: 'Decisions',
      lead,
      panels: [countTable(decisions), reasonTable(decisions.counts), lockTable(decisions)],
    },
  ]
}

function countTable({ counts }: Decisions): ReportPanel {
  const about =
    'Renewals extend a position at the end of its horizon. Exits and cancelled entries are for a signal that is opposite to them. A rule of the gate made entries smaller.'
  const rows = counts.map(of => ({
    portfolio: titleOf(of.portfolio),
    signals: of.signals,
    entries: of.entries,
    renewals: of.renewals,
    exits: of.exits,
    'entries cancelled': of.cancels,
    'made smaller': of.shrunk,
    'nothing done': idle(of),
  }))
  return table('What became of the signals', rows, { about })
}

function idle({ refused, otherwise }: DecisionCounts): number {
  return refused.reduce((sum, [, n]) => sum + n, otherwise)
}

function reasonTable(counts: readonly DecisionCounts[]): ReportPanel {
  const rows = counts.flatMap(({ portfolio, refused, otherwise }) => {
    const row = (code: string, reason: string, signals: number) => ({ portfolio: titleOf(portfolio), code, reason, signals })
    const known = refused.map(([code, n]) => row(code, refusalReasons[code]?.says ?? '', n))
    return otherwise === 0 ? known : [...known, row('', 'Other reasons.', otherwise)]
  })
  return table('Why nothing was done', rows, { about: 'The commonest reasons.', empty: 'Every signal led to something.' })
}

function lockTable({ locks, lockCount }: Decisions): ReportPanel {
  const some = locks.length < lockCount ? ` The latest ${locks.length} of ${integer(lockCount)}.` : ''
  return table('Locks', locks.map(lockRow), { about: `Stretches in which no entries are made.${some}`, empty: 'No lock began.' })
}

function lockRow({ portfolio, pair, kind, from, to, reason, ends }: ListedLock) {
  const show = (ms: number) => instant(new Date(ms).toISOString())
  const until = to === null ? `in force; ends ${ends}` : show(to)
  return { portfolio: titleOf(portfolio), pair: pair ?? 'all', kind, from: show(from), to: until, why: reason }
}
