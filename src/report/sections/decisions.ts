/** The decisions: what each portfolio made of its signals, why it did nothing, and the locks of the run. */

import { refusalReasons } from '../../trading/index.js'
import type { DecisionCounts, Decisions, ListedLock, ReportData, TradingData } from '../data.js'
import { counted, instant, integer } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, type TableCell, table } from '../parts.js'
import { titles } from '../summary.js'

/** Nothing for a run of an older version, which kept no decisions. */
export function decisionsSection({ trading: { decisions } }: ReportData & { trading: TradingData }): Html {
  if (decisions === undefined) return html``
  const total = decisions.counts.reduce((sum, { signals }) => sum + signals, 0)
  return sectionOf({
    id: 'decisions',
    title: 'Decisions',
    lead: html`${counted(total, 'decision')} of the portfolios are in the table <code>decisions</code>; <code>mycelia explain</code> tells any of them in sentences.`,
    body: html`${countTable(decisions)}
<h3>Why nothing was done</h3>
${reasonTable(decisions.counts)}
<h3>Locks</h3>
${lockTable(decisions)}`,
  })
}

function countTable({ counts }: Decisions): Html {
  return table({
    caption: 'What became of the signals',
    columns: [
      { label: 'portfolio' },
      { label: 'signals', number: true },
      { label: 'entries', number: true },
      { label: 'renewals', number: true, hint: 'entries that extend a position at the end of its horizon' },
      { label: 'exits', number: true, hint: 'for a signal that is opposite to the position' },
      { label: 'entries cancelled', number: true, hint: 'for a signal that is opposite to the entry' },
      { label: 'made smaller', number: true, hint: 'entries that a rule of the gate made smaller' },
      { label: 'nothing done', number: true },
    ],
    rows: counts.map(of => [
      titles[of.portfolio] ?? of.portfolio,
      ...[of.signals, of.entries, of.renewals, of.exits, of.cancels, of.shrunk, idle(of)].map(integer),
    ]),
  })
}

function idle({ refused, otherwise }: DecisionCounts): number {
  return refused.reduce((sum, [, n]) => sum + n, otherwise)
}

function reasonTable(counts: readonly DecisionCounts[]): Html {
  const rows = counts.flatMap(({ portfolio, refused, otherwise }): TableCell[][] => {
    const name = titles[portfolio] ?? portfolio
    const known = refused.map(([code, n]): TableCell[] => [
      name,
      html`<code>${code}</code>`,
      refusalReasons[code]?.says ?? '',
      integer(n),
    ])
    return otherwise === 0 ? known : [...known, [name, '', 'Other reasons.', integer(otherwise)]]
  })
  return table({
    caption: 'The commonest reasons',
    empty: 'Every signal led to something.',
    columns: [{ label: 'portfolio' }, { label: 'code' }, { label: 'reason' }, { label: 'signals', number: true }],
    rows,
  })
}

function lockTable({ locks, lockCount }: Decisions): Html {
  const some = locks.length < lockCount ? `, the latest ${locks.length} of ${integer(lockCount)}` : ''
  return table({
    caption: `Locks, in which no entries are made${some}`,
    empty: 'No lock began.',
    columns: [{ label: 'portfolio' }, { label: 'pair' }, { label: 'kind' }, { label: 'from' }, { label: 'to' }, { label: 'why' }],
    rows: locks.map(lockRow),
  })
}

function lockRow({ portfolio, pair, kind, from, to, reason, ends }: ListedLock): TableCell[] {
  const show = (ms: number) => ({ show: instant(new Date(ms).toISOString()), by: ms })
  const until = to === null ? `in force; ends ${ends}` : show(to)
  return [titles[portfolio] ?? portfolio, pair ?? 'all', html`<code>${kind}</code>`, show(from), until, reason]
}
