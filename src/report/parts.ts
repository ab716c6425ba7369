/** The elements of sections: a section, the frame of a chart, a table, an undefined value, a sparkline. */

import type { Numbers } from './data.js'
import { bucketsOf, sample } from './down-sample.js'
import { type Html, html } from './html.js'

export interface Section {
  readonly id: string
  readonly title: string
  readonly lead: Html | string
  readonly body: Html
}

export function sectionOf({ id, title, lead, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="lead">${lead}</p>
${body}
</section>
`
}

export interface Frame {
  /** What the client draws into it. */
  readonly chart: string
  readonly title: string
  readonly note?: string
  readonly tools?: Html
  readonly small?: boolean
}

/** Where the client puts a chart; without the client a sentence stands there. */
export function frame({ chart, title, note, tools, small = false }: Frame): Html {
  return html`<figure class="chart${small && ' small'}" data-chart="${chart}">
<figcaption><span class="chart-title">${title}</span>${note !== undefined && html` <span class="note">${note}</span>`}${tools !== undefined && html`<span class="tools">${tools}</span>`}</figcaption>
<div class="plot"><p class="unplotted">This chart is drawn by a script that has not run.</p></div>
</figure>
`
}

/** A switch between two choices. */
export function choice(name: string, options: readonly (readonly [value: string, label: string])[]): Html {
  return html`<span class="choice" role="group" aria-label="${name}">${options.map(
    ([value, label]) => html`<button type="button" data-choice="${name}" value="${value}" aria-pressed="false">${label}</button>`,
  )}</span>`
}

export interface ColumnHead {
  readonly label: string
  readonly number?: boolean
  /** What the column means, where its name does not say. */
  readonly hint?: string
}

export interface TableOptions {
  readonly caption: string
  readonly columns: readonly ColumnHead[]
  readonly rows: readonly (readonly TableCell[])[]
  readonly sortable?: boolean
  readonly empty?: string
}

/** A cell, and what it sorts by where that is not its text. */
export type TableCell = Html | string | number | { readonly show: Html | string; readonly by: number | string }

export function table({ caption, columns, rows, sortable = false, empty = 'None.' }: TableOptions): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption}"><table${sortable && html` data-sortable`}>
<caption>${caption}</caption>
<thead><tr>${columns.map(head)}</tr></thead>
<tbody>
${rows.map(cells => html`<tr>${cells.map((cell, i) => cellOf(cell, columns[i]))}</tr>\n`)}</tbody>
</table></div>
`
}

function head({ label, number, hint }: ColumnHead): Html {
  return html`<th scope="col"${number === true && html` class="number"`}${hint !== undefined && html` title="${hint}"`}>${label}</th>`
}

function cellOf(cell: TableCell, column: ColumnHead | undefined): Html {
  const number = column?.number === true && html` class="number"`
  if (typeof cell === 'object' && 'show' in cell) return html`<td${number} data-by="${cell.by}">${cell.show}</td>`
  return html`<td${number}>${cell}</td>`
}

/** A value that does not exist; its reason shows on hover and on focus. */
export function undefinedValue(why: string): Html {
  return html`<span class="undefined" tabindex="0" role="note" data-tip="${why}" aria-label="undefined: ${why}">–</span>`
}

export function tag(kind: string, text: string): Html {
  return html`<span class="tag ${kind}">${text}</span>`
}

/**
 * A sparkline as SVG, without a script. `range`: the values at bottom and top, by default the least and the greatest
 * one; with a range, a rule marks zero.
 */
export function sparkline(values: Numbers, name: string, label: string, range?: readonly [number, number]): Html {
  const there = values.filter(value => value !== null)
  const points = sample(there, bucketsOf(there.length, 160)).map(value => value ?? 0)
  if (points.length < 2) return html``
  const [least, greatest] = range ?? [Math.min(...points), Math.max(...points)]
  const height = (value: number) => (29 - ((value - least) / (greatest - least || 1)) * 28).toFixed(1)
  const path = points.map((value, i) => `${((i / (points.length - 1)) * 120).toFixed(1)},${height(value)}`).join(' ')
  return html`<svg class="spark ${name}" viewBox="0 0 120 30" preserveAspectRatio="none" role="img" aria-label="${label}">${range !== undefined && html`<path class="zero" d="M0 ${height(0)}H120"/>`}<polyline points="${path}"/></svg>`
}
