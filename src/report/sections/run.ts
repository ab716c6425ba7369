/** The realism of the market, the counters, and everything needed to repeat the run. */

import type { ReportData } from '../data.js'
import { decimal, integer, spoken } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, table, tag, undefinedValue } from '../parts.js'
import { record } from '../summary.js'

export function realismSection({ manifest }: ReportData): Html {
  const rows = manifest.realism ?? []
  if (rows.length === 0) return html``
  const judged = rows.filter(({ ok }) => ok !== null)
  const good = judged.filter(({ ok }) => ok === true).length
  const verdict =
    judged.length === 0
      ? 'Nothing is judged: the last column says why.'
      : `${good} of ${judged.length} stylized facts lie where 90 % of real windows of this length lie (16 pairs on Binance, hourly, 2020 to 2022).`
  return sectionOf({
    id: 'realism',
    title: 'Realism',
    lead: `How much this market moves like a real one, measured on ${barsOf(manifest.realismBars)}. ${verdict} Medians over pairs; correlations are means.`,
    body: table({
      caption: 'Stylized facts of prices, r = log return of a bar',
      columns: [{ label: 'statistic' }, { label: 'this run', number: true }, { label: 'real windows, 5–95 %' }, { label: '' }],
      rows: rows.map(({ name, value, reason = 'unknown', target, ok }) => [
        name,
        value === null ? undefinedValue(reason) : decimal(value, Math.abs(value) < 1 ? 3 : 2),
        target,
        ok === null ? (value === null ? '' : reason) : ok ? tag('good', 'ok') : tag('bad', 'not ok'),
      ]),
    }),
  })
}

function barsOf(bars: ReportData['manifest']['realismBars']): string {
  if (bars === undefined) return 'its bars'
  const { measured, of } = bars
  return measured === of ? `all ${integer(of)} bars` : `the last ${integer(measured)} of ${integer(of)} bars`
}

export function countersSection({ manifest }: ReportData): Html {
  const { summary, quarantined = [] } = manifest
  const { requests, rejected, quarantined: _, ...bus } = record(summary.counters)
  const reasons = Object.entries(record(rejected))
  return sectionOf({
    id: 'counters',
    title: 'Counters',
    lead: 'Everything that was not delivered, not believed or not answered is counted.',
    body: html`<div class="columns">
${countTable('Bus', bus, 'No message was counted.')}
${countTable('Requests', record(requests), 'No request was made.')}
${countTable('Rejected inputs', { ...(reasons.length > 0 ? record(rejected) : {}), total: summary.rejectedInputs ?? 0 }, '')}
</div>
<h3>Quarantined agents</h3>
${table({
  caption: 'Agents the run went on without',
  empty: 'None: every agent lived to the end.',
  columns: [{ label: 'agent' }, { label: 'step', number: true }, { label: 'reason' }],
  rows: quarantined.map(({ agent, step, reason }) => [agent, integer(step), reason]),
})}`,
  })
}

function countTable(caption: string, counts: Readonly<Record<string, unknown>>, empty: string): Html {
  const rows = flattened(counts).map(([name, n]) => [spoken(name), typeof n === 'number' ? integer(n) : String(n)])
  return html`<div>${table({ caption, empty, columns: [{ label: 'counted' }, { label: 'times', number: true }], rows })}</div>`
}

function flattened(counts: Readonly<Record<string, unknown>>, above = ''): [string, unknown][] {
  return Object.entries(counts).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? flattened(record(value), `${above}${name}: `)
      : [[above + name, value] as [string, unknown]],
  )
}

export function parametersSection({ manifest }: ReportData): Html {
  const { parameters, versions, inputs, outputs, request, commit, runId, digest, market } = manifest
  const rows = Object.entries(parameters).map(([name, value]) => [html`<code>${name}</code>`, shownValue(value)])
  const about: [string, Html | string][] = [
    ['run id', runId],
    ['digest', digest ?? '–'],
    ['commit', commit ?? '–'],
    [
      'versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ...(request === undefined ? [] : [['request', shownValue(request)] as [string, Html]]),
    ...(market === null ? [] : [['market', shownValue(market)] as [string, Html]]),
  ]
  return sectionOf({
    id: 'run',
    title: 'Run',
    lead: 'What it takes to do this run again, to the same digest.',
    body: html`<dl class="manifest">
${about.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
<div class="columns">
<div>${hashes('Inputs, SHA-256', inputs, 'No input files: the market was made from the seed.')}</div>
<div>${hashes('Outputs, SHA-256 of the values', outputs, 'No tables.')}</div>
</div>
<h3>Parameters</h3>
${table({ caption: 'Every parameter of the scenario', columns: [{ label: 'name' }, { label: 'value' }], rows, empty: 'This scenario has none.' })}`,
  })
}

function hashes(caption: string, given: Readonly<Record<string, string>>, empty: string): Html {
  const rows = Object.entries(given).map(([name, hash]) => [name, html`<code title="${hash}">${hash.slice(0, 16)}…</code>`])
  return table({ caption, empty, columns: [{ label: 'name' }, { label: 'hash' }], rows })
}

/** Short values stand in the line; long ones are collapsed. */
function shownValue(value: unknown): Html {
  if (typeof value === 'string') return html`${value}`
  const text = JSON.stringify(value) ?? ''
  if (text.length <= 80) return html`<code>${text}</code>`
  return html`<details><summary><code>${text.slice(0, 60)}…</code></summary><pre>${JSON.stringify(value, null, 1)}</pre></details>`
}
