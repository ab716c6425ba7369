/** Patterns: how many passed each stage, the approved ones, and which planted causes were found. */

import { type Detectable, missedSentence, type Truth, truthWords } from '../../trading/index.js'
import type { ApprovedPattern, Patterns, PlantedTruth, ReportData } from '../data.js'
import { change, counted, decimal, integer } from '../format.js'
import { type Html, html } from '../html.js'
import { reportLimits } from '../limits.js'
import { choice, frame, sectionOf, table, tag, undefinedValue } from '../parts.js'
import { number, record } from '../summary.js'

export function patternsSection({ manifest, patterns }: ReportData & { patterns: Patterns }): Html {
  return sectionOf({
    id: 'patterns',
    title: 'Patterns',
    lead: 'A hypothesis is tested once, announced as a candidate, confirmed by three on disjoint data, and approved by research on bars it has never seen.',
    body: html`${funnel(record(manifest.summary.patterns), patterns)}
${missed(record(manifest.summary.patterns), patterns)}${
  Object.keys(patterns.counts).length > 0 &&
  frame({
    chart: 'patterns',
    title: 'Changes of status so far',
    tools: choice('scale', [
      ['log', 'log'],
      ['linear', 'linear'],
    ]),
  })
}
<h3>Approved</h3>
${approvedTable(patterns.approved)}
${patterns.planted !== null && patterns.planted.length > 0 && html`<h3>Planted causes</h3>\n${plantedTable(patterns.planted)}`}`,
  })
}

/** What the bars could not have shown; nothing for runs that did not compute it. */
function missed({ detectable }: Readonly<Record<string, unknown>>, { approved }: Patterns): Html | false {
  const { effects, power, bars } = record(detectable)
  if (!Array.isArray(effects) || number(power) === undefined || number(bars) === undefined) return false
  return html`<p>${missedSentence(detectable as Detectable, approved.length)}</p>
`
}

const stages = [
  ['hypothesisSpace', 'hypotheses'],
  ['tested', 'tests'],
  ['candidates', 'candidates'],
  ['confirmed', 'confirmed'],
  ['approved', 'approved'],
] as const

/** Bars on a logarithmic scale: the stages differ by thousands. */
function funnel(counts: Readonly<Record<string, unknown>>, { approved }: Patterns): Html {
  const steps = stages.flatMap(([name, label]) => {
    const n = number(counts[name]) ?? (name === 'approved' ? approved.length : undefined)
    return n === undefined ? [] : [{ label, n }]
  })
  const most = Math.log10(1 + Math.max(...steps.map(({ n }) => n), 1))
  return html`<ol class="funnel">
${steps.map(
  ({ label, n }) =>
    html`<li><span class="n">${integer(n)}</span><span class="label">${label}</span><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="${((Math.log10(1 + n) / most) * 100).toFixed(1)}" height="6"/></svg></li>\n`,
)}</ol>`
}

const kinds: Readonly<Record<Truth, string>> = {
  planted: 'good',
  echo: 'calm',
  placebo: 'bad',
  'not planted': 'bad',
  unknown: 'calm',
}

function approvedTable(approved: readonly ApprovedPattern[]): Html {
  const shown = approved.slice(0, reportLimits.patterns)
  const rest = approved.length - shown.length
  return html`${table({
    caption: `Approved patterns${rest > 0 ? `, the first ${shown.length} of ${approved.length}` : ''}`,
    sortable: true,
    empty: 'No pattern was approved.',
    columns: [
      { label: 'driver' },
      { label: 'transform' },
      { label: 'lag', number: true, hint: 'bars between the value and the position' },
      { label: 'pair' },
      { label: 'horizon', number: true, hint: 'bars the position is held' },
      { label: 'sign', hint: 'what a high value does to the price' },
      { label: 'value, bp', number: true, hint: 'expected net return of a trade at approval, in 0.01 %' },
      { label: 'z', number: true, hint: 'pooled over the forward bars, in the sign of the pattern' },
      { label: 'p', number: true, hint: 'one-sided, of the forward bars: the chance of such a z without a cause' },
      { label: 'step', number: true },
      { label: 'now' },
      { label: 'truth' },
    ],
    rows: shown.map(p => [
      p.driver,
      p.transform,
      p.lag,
      p.pair,
      p.horizon,
      signText(p.sign),
      { show: valueText(p), by: p.value },
      p.z === null ? undefinedValue('a run of an older version, which tells only p') : { show: decimal(p.z, 2), by: p.z },
      p.p === null ? undefinedValue('no approval was judged') : { show: pText(p.p), by: p.p },
      { show: integer(p.step), by: p.step },
      statusText(p),
      verdict(p.truth),
    ]),
  })}`
}

function valueText({ value, valueBasis }: ApprovedPattern): Html {
  const basis = valueBasis !== null && html` title="estimated on ${valueBasis}"`
  return html`<span${basis}>${change(decimal(value * 1e4, 1))}</span>`
}

/** Approvals have p values far below the thousandths. */
function pText(p: number): string {
  return p >= 0.001 || p === 0 ? decimal(p, 4) : p.toExponential(1).replace('-', '−')
}

function statusText({ status, traded }: ApprovedPattern): string {
  if (status !== 'approved') return status
  return traded === false ? 'known, not traded' : 'in force'
}

function verdict(truth: Truth): Html {
  const { says, why } = truthWords[truth]
  return html`<span title="${why}">${tag(kinds[truth], says)}</span>`
}

function signText(sign: number): string {
  return sign > 0 ? '+ lifts' : '− lowers'
}

function plantedTable(planted: readonly PlantedTruth[]): Html {
  const found = planted.filter(({ foundAt }) => foundAt !== null).length
  return table({
    caption: `${found} of ${counted(planted.length, 'planted cause')} found`,
    sortable: true,
    columns: [
      { label: 'driver' },
      { label: 'pair' },
      { label: 'lag', number: true },
      { label: 'horizon', number: true },
      { label: 'sign' },
      { label: 'kind' },
      { label: 'strength', number: true, hint: 'dense: share of variance; sparse: bar sigmas an event' },
      { label: 'found' },
    ],
    rows: planted.map(c => [
      c.driver,
      c.pair,
      c.lag,
      c.horizon,
      signText(c.sign),
      c.kind,
      { show: decimal(c.strength, 2), by: c.strength },
      c.foundAt === null
        ? { show: tag('calm', 'not found'), by: Number.MAX_SAFE_INTEGER }
        : { show: tag('good', `found at step ${integer(c.foundAt)}`), by: c.foundAt },
    ]),
  })
}
