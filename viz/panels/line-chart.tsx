/** Lines over steps or time: drag to zoom, shift and drag to pan, double click for all, values under the pointer, cursors linked by step. */

import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { categoryColor } from '../../src/view/index.js'
import { onTheme } from '../shell/theme.js'
import 'uplot/dist/uPlot.min.css'
import { aligned, type Line, type Values } from './line-data.js'
import { shown, shownShort, shownTick, shownTime } from './numbers.js'
import { type Theme, themeOf } from './palette.js'
import type { Saved } from './panel.js'
import type { Pen } from './pen.js'
import { PlotArea, type Size, widened } from './plot-area.js'

export interface LineChartProps {
  readonly label: string
  readonly lines: readonly Line[]
  readonly log: boolean
  readonly height?: number
  /** The axis is time in ms, UTC. */
  readonly isTime?: boolean
  /** Names of lines that are not drawn. */
  readonly hidden?: ReadonlySet<string>
  readonly shades?: readonly Shade[]
  /** Values that are marked across the chart. */
  readonly levels?: readonly number[]
}

/** A stretch of the axis that is marked, for the line of a name. */
export interface Shade {
  readonly name: string
  readonly from: number
  readonly to: number
}

const none: ReadonlySet<string> = new Set()

export function LineChart(props: LineChartProps) {
  const { label, lines, log, height = 200, isTime = false, hidden = none } = props
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(undefined)
  const zoomed = useRef(false)
  const newest = useRef(props)
  newest.current = props
  const shape = `${log}|${isTime}|${height}|${lines.map(({ name, isThinned }) => `${name}${isThinned}${hidden.has(name)}`).join('|')}`

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const make = () => {
      chart.current?.destroy()
      zoomed.current = false
      chart.current = new uPlot(optionsOf(newest, element, height, zoomed), dataOf(newest.current.lines), element)
      showLast(chart.current, true)
    }
    make()
    const resized = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    // uPlot reads its colours once.
    const unlisten = onTheme(make)
    return () => {
      resized.disconnect()
      unlisten()
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [shape])

  useEffect(() => {
    if (chart.current === undefined) return
    chart.current.setData(dataOf(lines), !zoomed.current)
    if (zoomed.current) chart.current.redraw()
    if ((chart.current.cursor.left ?? -1) < 0) showLast(chart.current, true)
  })

  const last = lines.map(({ name, last: values }) => `${name} ${shown(values.at(-1) ?? Number.NaN)}`).join(', ')
  return <div ref={place} class="line-chart" role="img" aria-label={`${label}: ${last}`} />
}

function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  const { steps, values } = aligned(lines)
  const rows = lines.flatMap(line => [
    values(line, 'last'),
    ...(line.isThinned ? [values(line, 'most'), values(line, 'least')] : []),
  ])
  return [steps, ...rows] as uPlot.AlignedData
}

function optionsOf(
  newest: { readonly current: LineChartProps },
  element: HTMLElement,
  height: number,
  zoomed: { current: boolean },
): uPlot.Options {
  const { lines, log, isTime = false, hidden = none } = newest.current
  const theme = themeOf(element)
  const axis = {
    stroke: theme.muted,
    grid: { stroke: theme.line, width: 1 },
    ticks: { stroke: theme.line, width: 1 },
    font: `11px ${theme.font}`,
  }
  const bands: uPlot.Band[] = []
  const axisValue = isTime ? shownTime : shown
  const series: uPlot.Series[] = [{ label: isTime ? 'UTC' : 'step', value: (_, x) => (x === null ? '–' : axisValue(x)) }]
  lines.forEach((line, i) => {
    const stroke = categoryColor(i)
    const show = !hidden.has(line.name)
    const value = (_: uPlot, v: number | null) => (v === null ? '–' : shown(v))
    series.push({ label: line.name, show, stroke, width: 1, points: { show: false }, value })
    if (!line.isThinned) return
    const at = series.length
    const bound = { show, class: 'bound', stroke: 'transparent', width: 0, points: { show: false } }
    series.push({ label: `${line.name}, most`, ...bound }, { label: `${line.name}, least`, ...bound })
    bands.push({ series: [at, at + 1], fill: `${stroke}33` })
  })
  return {
    width: element.clientWidth || 300,
    height,
    ms: 1,
    tzDate: ms => uPlot.tzDate(new Date(ms), 'Etc/UTC'),
    scales: { x: { time: isTime }, y: log ? { distr: 3 } : { range: (_, least, most) => rangeOrDefault(least, most) } },
    axes: [
      isTime ? { ...axis, values: (_, times) => times.map(shownTick) } : axis,
      { ...axis, size: 52, values: (_, values) => values.map(value => (value === null ? '' : shownShort(value))) },
    ],
    series,
    bands,
    legend: { live: true },
    cursor: {
      sync: { key: isTime ? 'time' : 'steps', scales: ['x', null] },
      drag: { x: true, y: false, uni: 8 },
      points: { size: 7 },
    },
    plugins: [panning(zoomed)],
    hooks: {
      setSelect: [u => (zoomed.current = u.select.width > 0 || zoomed.current)],
      setLegend: [u => showLast(u)],
      drawClear: [u => drawMarked(u, newest.current)],
    },
  }
}

/** While the pointer is away, the legend says the last values. */
function showLast(u: uPlot, always = false): void {
  const last = (u.data[0]?.length ?? 0) - 1
  if (last >= 0 && (always || u.cursor.idx === null || u.cursor.idx === undefined)) u.setLegend({ idx: last }, false)
}

/** Marked stretches and levels, under the lines. */
function drawMarked({ ctx, bbox, valToPos }: uPlot, { lines, shades = [], levels = [] }: LineChartProps): void {
  ctx.save()
  const { left, top, width, height } = bbox
  ctx.beginPath()
  ctx.rect(left, top, width, height)
  ctx.clip()
  const names = lines.map(({ name }) => name)
  for (const { name, from, to } of shades) {
    const [x, end] = [valToPos(from, 'x', true), valToPos(to, 'x', true)]
    ctx.fillStyle = categoryColor(Math.max(0, names.indexOf(name)))
    ctx.globalAlpha = 0.12
    ctx.fillRect(x, top, Math.max(1, end - x), height)
  }
  ctx.globalAlpha = 1
  ctx.strokeStyle = '#d55e00'
  ctx.setLineDash([6, 4])
  for (const level of levels) {
    const y = valToPos(level, 'y', true)
    ctx.beginPath()
    ctx.moveTo(left, y)
    ctx.lineTo(left + width, y)
    ctx.stroke()
  }
  ctx.restore()
}

function rangeOrDefault(least: number | null, most: number | null): uPlot.Range.MinMax {
  if (least === null || most === null) return [0, 1]
  const range = widened({ least, most })
  return [range.least, range.most]
}

/** Shift and drag moves the zoomed stretch; a double click shows all again. */
function panning(zoomed: { current: boolean }): uPlot.Plugin {
  return {
    hooks: {
      ready: u => {
        u.over.addEventListener('dblclick', () => (zoomed.current = false))
        u.over.addEventListener(
          'mousedown',
          event => {
            if (!event.shiftKey) return
            event.stopImmediatePropagation()
            const { min = 0, max = 0 } = u.scales.x ?? {}
            const from = event.clientX
            const perPixel = ((max ?? 0) - (min ?? 0)) / u.over.clientWidth
            const controller = new AbortController()
            const move = (moved: MouseEvent) => {
              const by = (from - moved.clientX) * perPixel
              zoomed.current = true
              u.setScale('x', { min: (min ?? 0) + by, max: (max ?? 0) + by })
            }
            document.addEventListener('mousemove', move, { signal: controller.signal })
            document.addEventListener('mouseup', () => controller.abort(), { signal: controller.signal })
          },
          { capture: true },
        )
      },
    },
  }
}

/** Lines as a file: drawn anew, so that a drawing needs no canvas. */
export function savedLines(lines: readonly Line[], log: boolean, isTime = false): Saved {
  const { steps, values } = aligned(lines)
  const columns = lines.map(line => values(line, 'last'))
  return {
    draw: (pen, size, theme) => drawLines(pen, size, theme, { lines, steps, columns, log, isTime }),
    rows: () => ({
      columns: [isTime ? 'time' : 'step', ...lines.map(({ name }) => name)],
      rows: Array.from(steps, (step, i) => [step, ...columns.map(column => column[i] ?? null)]),
    }),
  }
}

interface Drawn {
  readonly lines: readonly Line[]
  readonly steps: Float64Array
  readonly columns: readonly Values[]
  readonly log: boolean
  readonly isTime: boolean
}

function drawLines(pen: Pen, size: Size, theme: Theme, { lines, steps, columns, log, isTime }: Drawn): void {
  const scaled = columns.map(column =>
    Array.from(column, value => (value === null || (log && value <= 0) ? null : log ? Math.log10(value) : value)),
  )
  const all = scaled.flat().filter(value => value !== null)
  const least = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const most = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const area = new PlotArea(size, { least: steps[0] ?? 0, most: steps.at(-1) ?? 1 }, widened({ least, most }))
  area.drawAxes(pen, theme, { isTime, ...(log && { y: (exponent: number) => shownShort(10 ** exponent) }) })
  scaled.forEach((column, i) => {
    pen.strokeStyle = categoryColor(i)
    pen.lineWidth = 1.5
    pen.beginPath()
    let isDown = false
    column.forEach((value, at) => {
      if (value === null) isDown = false
      else {
        const [x, y] = [area.x(steps[at] as number), area.y(value)]
        if (isDown) pen.lineTo(x, y)
        else pen.moveTo(x, y)
        isDown = true
      }
    })
    pen.stroke()
    pen.fillStyle = categoryColor(i)
    pen.font = `12px ${theme.font}`
    pen.textAlign = 'right'
    pen.textBaseline = 'top'
    pen.fillText(lines[i]?.name ?? '', size.width - 14, 10 + 16 * i)
  })
}
