/** A table for people to read: as HTML, and as text where there is no page. */

import type { Cell, Row } from './query.js'

export interface TableOptions {
  /** Rows that are printed; of a longer table the first and the last. */
  readonly rows?: number
}

/** Columns as they will be printed, and how many rows there are in all. */
interface Printed {
  readonly names: readonly string[]
  readonly numeric: readonly boolean[]
  /** Undefined: the place of the rows left out. */
  readonly lines: readonly (readonly string[] | undefined)[]
  readonly count: number
}

const defaultRows = 10

export function htmlTable(rows: readonly Row[], options: TableOptions = {}): string {
  const { names, numeric, lines, count } = print(rows, options)
  const cell = (text: string, i: number) => `<td style="text-align:${numeric[i] ? 'right' : 'left'}">${escapeHtml(text)}</td>`
  const head = names.map((name, i) => `<th style="text-align:${numeric[i] ? 'right' : 'left'}">${escapeHtml(name)}</th>`).join('')
  const body = lines.map(line => `<tr>${(line ?? names.map(() => '…')).map(cell).join('')}</tr>`).join('\n')
  return `<div style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums">
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table>${told(lines, count)}</div>`
}

export function textTable(rows: readonly Row[], options: TableOptions = {}): string {
  const { names, numeric, lines } = print(rows, options)
  const shown = [names, ...lines.map(line => line ?? names.map(() => '…'))]
  const widths = names.map((_, i) => Math.max(...shown.map(line => (line[i] ?? '').length)))
  const place = (text: string, i: number) => (numeric[i] ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0))
  return shown.map(line => line.map(place).join('  ').trimEnd()).join('\n')
}

function print(rows: readonly Row[], { rows: most = defaultRows }: TableOptions): Printed {
  const names = Object.keys(rows[0] ?? {})
  const formats = names.map(name => formatOf(rows.map(row => row[name] ?? null)))
  const line = (row: Row) => names.map((name, i) => formats[i]?.(row[name] ?? null) ?? '')
  const shown = rows.length <= most ? rows.map(line) : ends(rows, most).map(row => row && line(row))
  const numeric = names.map(name => rows.every(row => row[name] === null || typeof row[name] === 'number'))
  return { names, numeric, lines: shown, count: rows.length }
}

function ends(rows: readonly Row[], most: number): (Row | undefined)[] {
  const first = Math.ceil(most / 2)
  return [...rows.slice(0, first), undefined, ...rows.slice(rows.length - (most - first))]
}

/** One format a column, so that the digits of its numbers stand under each other. */
function formatOf(cells: readonly Cell[]): (cell: Cell) => string {
  const numbers = cells.filter(cell => typeof cell === 'number')
  const decimals = decimalsOf(numbers)
  const day = cells.every(cell => !(cell instanceof Date) || cell.getTime() % 86_400_000 === 0)
  return cell => {
    if (cell === null) return '–'
    if (cell instanceof Date)
      return cell
        .toISOString()
        .slice(0, day ? 10 : 16)
        .replace('T', ' ')
    return typeof cell === 'number' ? formatNumber(cell, decimals) : String(cell)
  }
}

/** Four significant digits of the largest number, and none after the point where all are whole. */
function decimalsOf(numbers: readonly number[]): number {
  const finite = numbers.filter(Number.isFinite)
  if (finite.every(Number.isInteger)) return 0
  const largest = finite.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(largest))))
}

function formatNumber(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

function told(lines: Printed['lines'], count: number): string {
  const shown = lines.filter(line => line !== undefined).length
  return shown === count ? '' : `\n<p style="color:#666">${shown} of ${count.toLocaleString('en-US')} rows</p>`
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
