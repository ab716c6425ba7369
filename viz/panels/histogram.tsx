/** How often values fall into each bin. */

import { useEffect, useState } from 'preact/hooks'
import { categoryColor } from '../../src/view/index.js'
import { CanvasChart } from './canvas-chart.js'
import { shown } from './numbers.js'
import type { Theme } from './palette.js'
import { numbers, type PanelProps } from './panel.js'
import type { Pen } from './pen.js'
import { PlotArea, type Range, type Size } from './plot-area.js'

const standardBins = 30

export interface Bins {
  readonly edges: readonly number[]
  readonly counts: readonly number[]
  /** Values that are no numbers, in no bin. */
  readonly left: number
}

/** Bins of equal width from the least to the most value, the last one closed. */
export function binsOf(values: ArrayLike<number>, count: number): Bins {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value < least && Number.isFinite(value)) least = value
    if (value > most && Number.isFinite(value)) most = value
  }
  if (!(least <= most)) return { edges: [], counts: [], left: values.length }
  if (least === most) [least, most] = [least - 0.5, most + 0.5]
  const counts = new Array<number>(count).fill(0)
  let left = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (!Number.isFinite(value)) left++
    else {
      const bin = Math.min(count - 1, Math.floor(((value - least) / (most - least)) * count))
      counts[bin] = (counts[bin] as number) + 1
    }
  }
  const edges = Array.from({ length: count + 1 }, (_, i) => least + ((most - least) * i) / count)
  return { edges, counts, left }
}

export function Histogram({ description, parts, name, version, offer }: PanelProps) {
  const counted = {
    edges: Array.from(numbers(parts, name, 'edges')),
    counts: Array.from(numbers(parts, name, 'counts')),
    left: 0,
  }
  const bins = counted.counts.length > 0 ? counted : binsOf(numbers(parts, name, 'value'), description.bins ?? standardBins)
  const [over, setOver] = useState<number>()
  const area = (size: Size) => areaOf(bins, size)
  const draw = (pen: Pen, size: Size, theme: Theme) => drawBins(pen, area(size), bins, theme)
  useEffect(
    () =>
      offer({
        draw,
        rows: () => ({
          columns: ['from', 'to', 'count'],
          rows: bins.counts.map((n, i) => [bins.edges[i], bins.edges[i + 1], n]),
        }),
      }),
    [version],
  )
  if (bins.counts.length === 0) return <p class="empty">No values yet.</p>
  const all = bins.counts.reduce((sum, n) => sum + n, 0)
  const said = over === undefined ? undefined : binAt(bins, over)
  return (
    <>
      <CanvasChart
        label={`${description.title}: ${all} values in ${bins.counts.length} bins`}
        draw={draw}
        onMove={(at, size) => setOver(at === undefined ? undefined : area(size).xAt(at.x))}
      />
      <p class="readout">{said ?? `${shown(all)} values${bins.left > 0 ? `, ${bins.left} that are no numbers left out` : ''}`}</p>
    </>
  )
}

function binAt({ edges, counts }: Bins, value: number): string | undefined {
  const bin = edges.findIndex((edge, i) => value >= edge && value < (edges[i + 1] ?? Number.NEGATIVE_INFINITY))
  return bin < 0 ? undefined : `${shown(edges[bin] as number)} to ${shown(edges[bin + 1] as number)}: ${counts[bin]}`
}

function areaOf({ edges, counts }: Bins, size: Size): PlotArea {
  const xs: Range = { least: edges[0] ?? 0, most: edges.at(-1) ?? 1 }
  return new PlotArea(size, xs, { least: 0, most: Math.max(1, ...counts) * 1.05 })
}

function drawBins(pen: Pen, area: PlotArea, { edges, counts }: Bins, theme: Theme): void {
  area.drawAxes(pen, theme)
  pen.fillStyle = categoryColor(0)
  counts.forEach((n, i) => {
    const [from, to] = [area.x(edges[i] as number), area.x(edges[i + 1] as number)]
    if (n > 0) pen.fillRect(from + 0.5, area.y(n), Math.max(1, to - from - 1), area.bottom - area.y(n))
  })
}
