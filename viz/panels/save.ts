/** Saves a panel as a file of the reader's: a picture, a drawing or its data. */

import { type Theme, themeOf } from './palette.js'
import type { Saved, SavedRows } from './panel.js'
import { type Pen, SvgPen } from './pen.js'
import type { Size } from './plot-area.js'

const titleHeight = 28

export type FileKind = 'png' | 'svg' | 'csv'

export async function save(kind: FileKind, title: string, saved: Saved, size: Size): Promise<void> {
  const name = `${title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')}.${kind}`
  const theme = themeOf(document.body)
  if (kind === 'csv') download(name, new Blob([csvOf(saved.rows())], { type: 'text/csv' }))
  else if (kind === 'svg') download(name, new Blob([svgOf(title, saved, size, theme)], { type: 'image/svg+xml' }))
  else download(name, await pngOf(title, saved, size, theme))
}

export function svgOf(title: string, saved: Saved, size: Size, theme: Theme): string {
  const pen = new SvgPen(size.width, size.height + titleHeight)
  paint(pen, title, saved, size, theme)
  return pen.toString()
}

function pngOf(title: string, saved: Saved, size: Size, theme: Theme): Promise<Blob> {
  const canvas = document.createElement('canvas')
  const scale = 2
  Object.assign(canvas, { width: size.width * scale, height: (size.height + titleHeight) * scale })
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  context.scale(scale, scale)
  paint(context, title, saved, size, theme)
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob === null ? reject(new Error('This browser made no picture of the chart.')) : resolve(blob))),
  )
}

function paint(pen: Pen, title: string, { draw }: Saved, size: Size, theme: Theme): void {
  pen.fillStyle = theme.surface
  pen.fillRect(0, 0, size.width, size.height + titleHeight)
  draw?.(pen, size, theme)
  pen.fillStyle = theme.text
  pen.font = `14px ${theme.font}`
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  pen.fillText(title, 8, size.height + titleHeight / 2)
}

/** RFC 4180; a text that a spreadsheet would run as a formula is quoted with an apostrophe. */
export function csvOf({ columns, rows }: SavedRows): string {
  return `${[columns, ...rows].map(row => row.map(cellOf).join(',')).join('\r\n')}\r\n`
}

function cellOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  const text = /^[=+\-@\t\r]/.test(String(cell)) ? `'${cell}` : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function download(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
