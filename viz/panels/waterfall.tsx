/** Amounts that add up, one after the other: a bar from where the last one ended, and totals from zero. */

import { useEffect, useState } from 'preact/hooks'
import { categoryColor } from '../../src/view/index.js'
import { CanvasChart } from './canvas-chart.js'
import { shown } from './numbers.js'
import type { Theme } from './palette.js'
import { field, numbers, type PanelProps } from './panel.js'
import type { Pen } from './pen.js'
import { label, line, PlotArea, rangeOf, type Size } from './plot-area.js'
import { type WaterfallStep, waterfallSteps } from './waterfall-steps.js'

export function Waterfall({ description, parts, name, version, offer }: PanelProps) {
  const [over, setOver] = useState<number>()
  const names = field<string[]>(parts, name, 'names') ?? []
  const steps = waterfallSteps(names, numbers(parts, name, 'values'), field<string[]>(parts, name, 'totals') ?? [])
  const draw = (pen: Pen, size: Size, theme: Theme) => drawSteps(pen, areaOf(steps, size), steps, theme)
  useEffect(
    () =>
      offer({
        draw,
        rows: () => ({
          columns: ['name', description.unit ?? 'value', 'isTotal'],
          rows: steps.map(step => [step.name, step.value, step.isTotal]),
        }),
      }),
    [version],
  )
  if (steps.length === 0) return <p class="empty">{description.empty ?? 'No amounts yet.'}</p>
  const said = steps.map(step => `${step.name} ${amount(step, description.unit)}`)
  return (
    <>
      <CanvasChart
        label={`${description.title}: ${said.join(', ')}`}
        draw={draw}
        onMove={(at, size) => setOver(at === undefined ? undefined : Math.floor(areaOf(steps, size).xAt(at.x)))}
      />
      <p class="readout">{(over === undefined ? undefined : said[over]) ?? said.at(-1)}</p>
    </>
  )
}

function amount({ value }: WaterfallStep, unit: string | undefined): string {
  return unit === undefined ? shown(value) : `${shown(value)} ${unit}`
}

function areaOf(steps: readonly WaterfallStep[], size: Size): PlotArea {
  const ends = rangeOf([0, ...steps.flatMap(({ from, to }) => [from, to])].filter(Number.isFinite))
  return new PlotArea(size, { least: 0, most: Math.max(1, steps.length) }, ends)
}

function drawSteps(pen: Pen, area: PlotArea, steps: readonly WaterfallStep[], theme: Theme): void {
  area.drawAxes(pen, theme, { x: () => '' })
  line(pen, theme.muted, area.left, area.y(0), area.right, area.y(0))
  steps.forEach((step, i) => {
    const [left, right] = [area.x(i + 0.15), area.x(i + 0.85)]
    pen.fillStyle = categoryColor(step.isTotal ? 0 : step.value < 0 ? 1 : 2)
    pen.fillRect(
      left,
      area.y(Math.max(step.from, step.to)),
      right - left,
      Math.max(1, Math.abs(area.y(step.to) - area.y(step.from))),
    )
    const next = steps[i + 1]
    if (next !== undefined && !next.isTotal) line(pen, theme.muted, right, area.y(step.to), area.x(i + 1.15), area.y(step.to))
    label(pen, theme.muted, fitting(step.name, (area.x(1) - area.x(0)) / 6), (left + right) / 2, area.bottom + 6, 'center', 'top')
  })
}

/** As much of a name as there is room for. */
function fitting(name: string, characters: number): string {
  return name.length <= characters ? name : `${name.slice(0, Math.max(1, Math.floor(characters) - 1))}…`
}
