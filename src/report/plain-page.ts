/** A report as plain HTML: its sentences, figures and tables, for a reader without scripts, for a printer, and for `grep`. */

import type { Row } from '../core/index.js'
import { general } from './format.js'
import type { ReportHead } from './head.js'
import type { ReportPanel, Section, TableLine } from './panels.js'

/** Rows of one table. */
const mostRows = 100

export function plainPage(head: ReportHead, sections: readonly Section[], isAlone: boolean): string {
  const { kind, name, status, parameters, story, failure, facts, again, foot } = head
  const broken = failure === null ? [] : [failure.what, failure.message, ...failure.calls, failure.next]
  return [
    `<header><p>${escaped(kind)}</p><h1>${escaped(name)} ${escaped(status ?? '')}</h1>`,
    ...(isAlone
      ? [paragraph('The charts are missing: the viewer was not built. Run npm run build and then “mycelia report” again.')]
      : []),
    ...[...story, ...broken].map(paragraph),
    definitions([...parameters, ...facts]),
    ...again.map(([what, line]) => `<p>${escaped(what)} <code>${escaped(line)}</code></p>`),
    '</header><main>',
    ...sections.map(sectionOf),
    `</main><footer>${escaped(foot)}</footer>`,
  ].join('\n')
}

function sectionOf({ id, title, lead, panels }: Section): string {
  return `<section id="${id}"><h2>${escaped(title)}</h2>${paragraph(lead)}${panels.map(panelOf).join('')}</section>`
}

function panelOf({ description: { title, about, kind, empty = 'None.' }, shown }: ReportPanel): string {
  const {
    lines = [],
    figures = {},
    value = [],
    cells,
  } = (shown[''] ?? {}) as {
    lines?: readonly string[]
    figures?: Row
    value?: readonly TableLine[]
    cells?: Readonly<Record<string, readonly Row[string][]>>
  }
  const head = `<h3>${escaped(title)}</h3>${about === '' ? '' : paragraph(about)}`
  if (kind === 'text') return head + definitions(Object.entries(figures)) + lines.map(paragraph).join('')
  if (kind !== 'table') return `${head}<p class="empty">This chart is drawn by a script that has not run.</p>`
  const rows = cells === undefined ? value : rowsOf(cells)
  return rows.length === 0 ? head + paragraph(empty) : head + tableOf(rows)
}

function rowsOf(cells: Readonly<Record<string, readonly Row[string][]>>): TableLine[] {
  const columns = Object.entries(cells)
  return (columns[0]?.[1].slice(0, mostRows + 1) ?? []).map((_, i) => ({
    cells: Object.fromEntries(columns.map(([name, values]) => [name, values[i] ?? null])),
  }))
}

function tableOf(rows: readonly TableLine[]): string {
  const columns = Object.keys(rows[0]?.cells ?? {})
  const row = ({ cells, detail = [] }: TableLine) =>
    `<tr>${columns.map(column => `<td>${escaped(cellText(cells[column]))}</td>`).join('')}</tr>` +
    (detail.length === 0 ? '' : `<tr><td colspan="${columns.length}">${escaped(detail.join(' '))}</td></tr>`)
  const more = rows.length > mostRows ? paragraph(`The first ${mostRows} rows.`) : ''
  return `<table><thead><tr>${columns.map(name => `<th>${escaped(name)}</th>`).join('')}</tr></thead><tbody>
${rows.slice(0, mostRows).map(row).join('\n')}</tbody></table>${more}`
}

function cellText(cell: Row[string] | undefined): string {
  if (cell === null || cell === undefined) return '–'
  return typeof cell === 'number' ? general(cell) : String(cell)
}

function definitions(pairs: readonly (readonly [string, unknown])[]): string {
  if (pairs.length === 0) return ''
  const one = ([name, value]: readonly [string, unknown]) =>
    `<div><dt>${escaped(name)}</dt><dd>${escaped(cellText(value as Row[string]))}</dd></div>`
  return `<dl>${pairs.map(one).join('')}</dl>`
}

function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Names of agents, scenarios and files show as they are and can do nothing. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, letter => entities[letter] ?? letter)
}
