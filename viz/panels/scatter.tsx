/** Points of two values each. */

import { useEffect, useState } from 'preact/hooks'
import { categoryColor } from '../../src/view/index.js'
import { CanvasChart } from './canvas-chart.js'
import { Groups, turned } from './groups.js'
import { shown } from './numbers.js'
import type { Theme } from './palette.js'
import { field, numbers, type PanelProps } from './panel.js'
import type { Pen } from './pen.js'
import { label, line, PlotArea, rangeOf, type Size } from './plot-area.js'

interface Points {
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly group: ArrayLike<number>
  readonly groups: readonly string[]
  readonly labels: readonly string[]
  /** Half-widths of intervals of y; empty: none are drawn. */
  readonly error: ArrayLike<number>
  /** A line that is drawn through the points: where it begins and ends. */
  readonly line: ArrayLike<number>
}

export function Scatter({ description, parts, name, version, offer }: PanelProps) {
  const points: Points = {
    x: numbers(parts, name, 'x'),
    y: numbers(parts, name, 'y'),
    group: numbers(parts, name, 'group'),
    groups: field<readonly string[]>(parts, name, 'groups') ?? [],
    labels: field<readonly string[]>(parts, name, 'labels') ?? [],
    error: numbers(parts, name, 'error'),
    line: numbers(parts, name, 'line'),
  }
  const { title, xLabel = 'x', yLabel = 'y' } = description
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [near, setNear] = useState<number>()
  const count = Math.min(points.x.length, points.y.length)
  const reach = Array.from(points.y).flatMap((y, i) => [y - (points.error[i] ?? 0), y + (points.error[i] ?? 0)])
  const area = (size: Size) => new PlotArea(size, rangeOf(points.x), rangeOf(reach))
  const draw = (pen: Pen, size: Size, theme: Theme) => drawPoints(pen, area(size), points, hidden, near, [xLabel, yLabel], theme)
  useEffect(() => {
    const rows = () => Array.from({ length: count }, (_, i) => [points.x[i], points.y[i], groupOf(points, i), points.labels[i]])
    offer({ draw, rows: () => ({ columns: [xLabel, yLabel, 'group', 'label'], rows: rows() }) })
  }, [version, hidden])
  if (count === 0) return <p class="empty">No points yet.</p>
  return (
    <>
      <Groups groups={points.groups} hidden={hidden} onTurn={group => setHidden(turned(hidden, group))} />
      <CanvasChart
        label={`${title}: ${count} points of ${xLabel} and ${yLabel}`}
        height={260}
        draw={draw}
        onMove={(at, size) => setNear(at === undefined ? undefined : nearest(points, area(size), at.x, at.y))}
      />
      <p class="readout">{near === undefined ? `${count} points` : said(points, near, xLabel, yLabel)}</p>
    </>
  )
}

function groupOf({ group, groups }: Points, i: number): string {
  return groups[group[i] ?? -1] ?? ''
}

function said(points: Points, i: number, xLabel: string, yLabel: string): string {
  const name = [points.labels[i], groupOf(points, i)].filter(Boolean).join(', ')
  return `${name === '' ? '' : `${name}: `}${xLabel} ${shown(points.x[i] ?? Number.NaN)}, ${yLabel} ${shown(points.y[i] ?? Number.NaN)}`
}

/** The point nearest to a pixel, within a finger's width. */
function nearest({ x, y }: Points, area: PlotArea, px: number, py: number): number | undefined {
  let best: number | undefined
  let least = 16 ** 2
  for (let i = 0; i < x.length; i++) {
    const distance = (area.x(x[i] as number) - px) ** 2 + (area.y(y[i] as number) - py) ** 2
    if (distance < least) [best, least] = [i, distance]
  }
  return best
}

function drawPoints(
  pen: Pen,
  area: PlotArea,
  points: Points,
  hidden: ReadonlySet<string>,
  near: number | undefined,
  [xLabel, yLabel]: readonly [string, string],
  theme: Theme,
): void {
  area.drawAxes(pen, theme)
  label(pen, theme.muted, xLabel, area.right, area.bottom - 4, 'right', 'bottom')
  label(pen, theme.muted, yLabel, area.left + 4, area.top, 'left', 'top')
  const [fromX, fromY, toX, toY] = Array.from(points.line)
  if (fromX !== undefined && fromY !== undefined && toX !== undefined && toY !== undefined)
    line(pen, theme.muted, area.x(fromX), area.y(fromY), area.x(toX), area.y(toY))
  for (let i = 0; i < points.error.length; i++) {
    const [x, y, half] = [points.x[i] as number, points.y[i] as number, points.error[i] as number]
    line(pen, theme.muted, area.x(x), area.y(y - half), area.x(x), area.y(y + half))
  }
  const radius = points.x.length > 2_000 ? 1.5 : 3
  pen.globalAlpha = points.x.length > 500 ? 0.5 : 0.8
  const shownGroups = points.groups.length === 0 ? [''] : points.groups
  shownGroups.forEach((group, number) => {
    if (hidden.has(group)) return
    pen.fillStyle = categoryColor(number)
    pen.beginPath()
    for (let i = 0; i < points.x.length; i++) {
      if (points.groups.length > 0 && points.group[i] !== number) continue
      const [px, py] = [area.x(points.x[i] as number), area.y(points.y[i] as number)]
      pen.moveTo(px + radius, py)
      pen.arc(px, py, radius, 0, 2 * Math.PI)
    }
    pen.fill()
  })
  pen.globalAlpha = 1
  if (near === undefined) return
  pen.strokeStyle = theme.text
  pen.lineWidth = 2
  pen.beginPath()
  pen.arc(area.x(points.x[near] as number), area.y(points.y[near] as number), 6, 0, 2 * Math.PI)
  pen.stroke()
}
