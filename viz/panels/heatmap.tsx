/** A matrix of values, by colour. */

import { useEffect, useState } from 'preact/hooks'
import { gradientOf, viridisColor } from '../draw/color-scale.js'
import { CanvasChart, type Point } from './canvas-chart.js'
import { shown } from './numbers.js'
import type { Theme } from './palette.js'
import { field, numbers, type PanelProps } from './panel.js'
import type { Pen } from './pen.js'
import { label, type Size } from './plot-area.js'

interface Matrix {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly values: ArrayLike<number>
  readonly least: number
  readonly most: number
}

const margin = { left: 92, top: 4, right: 8, bottom: 58 }

export function Heatmap({ description, parts, name, version, offer }: PanelProps) {
  const values = numbers(parts, name, 'values')
  const finite = Array.from(values).filter(Number.isFinite)
  const matrix: Matrix = {
    rows: field<readonly string[]>(parts, name, 'rows') ?? [],
    columns: field<readonly string[]>(parts, name, 'columns') ?? [],
    values,
    least: description.min ?? finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    most: description.max ?? finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  }
  const [over, setOver] = useState<{ row: number; column: number }>()
  const draw = (pen: Pen, size: Size, theme: Theme) => drawMatrix(pen, size, matrix, theme)
  useEffect(() => {
    const rows = () => matrix.rows.map((row, r) => [row, ...matrix.columns.map((_, c) => values[r * matrix.columns.length + c])])
    offer({ draw, rows: () => ({ columns: ['', ...matrix.columns], rows: rows() }) })
  }, [version])
  if (matrix.rows.length === 0 || matrix.columns.length === 0) return <p class="empty">No values yet.</p>
  const unit = description.unit === undefined ? '' : ` ${description.unit}`
  return (
    <>
      <CanvasChart
        label={`${description.title}: ${matrix.rows.length} rows and ${matrix.columns.length} columns, ${shown(matrix.least)} to ${shown(matrix.most)}${unit}`}
        height={Math.min(420, Math.max(180, matrix.rows.length * 16 + 62))}
        draw={draw}
        onMove={(at, size) => setOver(at === undefined ? undefined : cellAt(at, size, matrix))}
      />
      <div class="scale">
        <span>{shown(matrix.least)}</span>
        <span class="scale-bar" style={{ backgroundImage: gradientOf([]) }} />
        <span>
          {shown(matrix.most)}
          {unit}
        </span>
      </div>
      <p class="readout">
        {over === undefined
          ? 'Point at a cell for its value.'
          : `${matrix.rows[over.row]}, ${matrix.columns[over.column]}: ${shown(values[over.row * matrix.columns.length + over.column] ?? Number.NaN)}${unit}`}
      </p>
    </>
  )
}

function cellSize(size: Size, { rows, columns }: Matrix): { wide: number; high: number } {
  return {
    wide: (size.width - margin.left - margin.right) / columns.length,
    high: (size.height - margin.top - margin.bottom) / rows.length,
  }
}

function cellAt(at: Point, size: Size, matrix: Matrix): { row: number; column: number } | undefined {
  const { wide, high } = cellSize(size, matrix)
  const column = Math.floor((at.x - margin.left) / wide)
  const row = Math.floor((at.y - margin.top) / high)
  return column >= 0 && row >= 0 && column < matrix.columns.length && row < matrix.rows.length ? { row, column } : undefined
}

function drawMatrix(pen: Pen, size: Size, matrix: Matrix, theme: Theme): void {
  const { wide, high } = cellSize(size, matrix)
  const { rows, columns, values, least, most } = matrix
  rows.forEach((_, r) => {
    columns.forEach((_column, c) => {
      const value = values[r * columns.length + c] ?? Number.NaN
      if (!Number.isFinite(value)) return
      pen.fillStyle = viridisColor(most > least ? (value - least) / (most - least) : 0.5)
      pen.fillRect(margin.left + c * wide, margin.top + r * high, Math.max(1, wide - 0.5), Math.max(1, high - 0.5))
    })
  })
  pen.font = `11px ${theme.font}`
  const everyRow = Math.ceil(14 / high)
  rows.forEach((row, r) => {
    if (r % everyRow === 0)
      label(pen, theme.muted, cut(row, 14), margin.left - 6, margin.top + (r + 0.5) * high, 'right', 'middle')
  })
  const everyColumn = Math.ceil(Math.max(1, 46 / wide))
  columns.forEach((column, c) => {
    const down = (c / everyColumn) % 2 === 0 ? 6 : 20
    if (c % everyColumn === 0)
      label(
        pen,
        theme.muted,
        cut(column, 12),
        margin.left + (c + 0.5) * wide,
        size.height - margin.bottom + down,
        'center',
        'top',
      )
  })
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
