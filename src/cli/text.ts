/** Formats numbers and tables for a terminal. */

import { relative } from 'node:path'
import { grouped } from '../core/index.js'

export { grouped }

/** 0.0123 → `+1.23 %`. */
export function percent(x: number, sign = false): string {
  return `${sign && x > 0 ? '+' : ''}${grouped(x * 100, 2)} %`
}

/** 4,205 s → `1 h 10 min`. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
}

/** Rows of cells in columns: the first to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length)
    })
  }
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))
  return rows.map(row => `${row.map(pad).join(gap).trimEnd()}\n`).join('')
}

/** As columns, every column to the left. */
export function leftColumns(rows: readonly (readonly string[])[], gap = '  '): string {
  const width = (i: number) => Math.max(...rows.map(row => row[i]?.length ?? 0))
  return rows
    .map(
      row =>
        `${row
          .map((cell, i) => cell.padEnd(width(i)))
          .join(gap)
          .trimEnd()}\n`,
    )
    .join('')
}

/** The path relative to the working directory, where it lies below it. */
export function shortest(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') || short === '' ? path : short
}

/** What an error says, and what is behind it: Node's fetch says no more than that it failed. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
