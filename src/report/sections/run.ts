/** The realism of the market, the counters, and everything needed to repeat the run. */

import type { Cell } from '../../core/index.js'
import type { ReportData } from '../data.js'
import { decimal, integer, spoken } from '../format.js'
import { type ReportPanel, type Section, table, text } from '../panels.js'
import { record } from '../summary.js'

export function realismSection({ manifest }: ReportData): Section[] {
  const rows = manifest.realism ?? []
  if (rows.length === 0) return []
  const judged = rows.filter(({ ok }) => ok !== null)
  const good = judged.filter(({ ok }) => ok === true).length
  const verdict =
    judged.length === 0
      ? 'Nothing is judged: the last column says why.'
      : `${good} of ${judged.length} stylized facts lie where 90 % of real windows of this length lie (16 pairs on Binance, hourly, 2020 to 2022).`
  const lead = `How much this market moves like a real one, measured on ${barsOf(manifest.realismBars)}. ${verdict} Medians over pairs; correlations are means.`
  const cells = rows.map(({ name, value, reason = 'unknown', target, ok }) => ({
    statistic: name,
    'this run': value === null ? `– (${reason})` : decimal(value, Math.abs(value) < 1 ? 3 : 2),
    'real windows, 5–95 %': target,
    verdict: ok === null ? (value === null ? '' : reason) : ok ? 'ok' : 'not ok',
  }))
  return [{ id: 'realism', title: 'Realism', lead, panels: [table('Stylized facts of prices, r = log return of a bar', cells)] }]
}

function barsOf(bars: ReportData['manifest']['realismBars']): string {
  if (bars === undefined) return 'its bars'
  const { measured, of } = bars
  return measured === of ? `all ${integer(of)} bars` : `the last ${integer(measured)} of ${integer(of)} bars`
}

export function countersSection({ manifest }: ReportData): Section {
  const { summary, quarantined = [] } = manifest
  const { requests, rejected, quarantined: _, ...bus } = record(summary.counters)
  const panels = [
    countTable('Messages', bus, 'No message was counted.'),
    countTable('Requests', record(requests), 'No request was made.'),
    countTable('Rejected inputs', { ...record(rejected), total: summary.rejectedInputs ?? 0 }, ''),
    table(
      'Quarantined agents',
      quarantined.map(({ agent, step, reason }) => ({ agent, step, reason })),
      { about: 'Agents the run went on without.', empty: 'None: every agent lived to the end.' },
    ),
  ]
  const lead = 'Everything that was not delivered, not believed or not answered is counted.'
  return { id: 'counters', title: 'Counters', lead, panels }
}

function countTable(title: string, counts: Readonly<Record<string, unknown>>, empty: string): ReportPanel {
  return table(
    title,
    flattened(counts).map(([name, n]) => ({ counted: spoken(name), times: typeof n === 'number' ? n : String(n) })),
    { empty },
  )
}

function flattened(counts: Readonly<Record<string, unknown>>, above = ''): [string, unknown][] {
  return Object.entries(counts).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? flattened(record(value), `${above}${name}: `)
      : [[above + name, value] as [string, unknown]],
  )
}

export function runSection({ manifest }: ReportData): Section {
  const { versions, inputs, outputs, request, commit, runId, digest, market } = manifest
  const facts: Record<string, Cell> = {
    'run id': runId,
    digest: digest ?? '–',
    commit: commit ?? '–',
    versions: Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  }
  const long = (name: string, value: unknown) =>
    value === undefined || value === null ? [] : [`${name}: ${JSON.stringify(value)}`]
  const panels = [
    text('Identity', [...long('Request', request), ...long('Market', market)], facts),
    hashes('Inputs, SHA-256', inputs, 'No input files: the market was made from the seed.'),
    hashes('Outputs, SHA-256 of the values', outputs, 'No tables.'),
  ]
  return { id: 'run', title: 'Run', lead: 'What it takes to do this run again, to the same digest.', panels }
}

function hashes(title: string, given: Readonly<Record<string, string>>, empty: string): ReportPanel {
  return table(
    title,
    Object.entries(given).map(([name, hash]) => ({ name, hash })),
    { empty },
  )
}
