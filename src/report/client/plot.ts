/** One chart: from plain lines to a uPlot, in the colours of the page, with a legend that can be used by keyboard. */

import uPlot from 'uplot'
import type { Halted, Numbers } from '../data.js'
import { dates, instant } from './labels.js'

export interface Line {
  readonly name: string
  readonly values: Numbers
  shown: boolean
}

export interface Spec {
  readonly x: number[]
  readonly timed: boolean
  readonly lines: Line[]
  /** Writes a value; `apart`: how far it lies from its neighbours. */
  readonly label: (value: number, apart?: number) => string
  log?: boolean
  readonly stepped?: boolean
  readonly halted?: readonly Halted[]
  /** Values marked across the chart. */
  readonly levels?: readonly number[]
  readonly range?: readonly [number, number]
  /** Draws upon the finished lines. */
  readonly over?: (plot: uPlot) => void
  readonly pointed?: (plot: uPlot) => void
}

const titles: Readonly<Record<string, string>> = { buy_and_hold: 'buy and hold' }
const dashes: Readonly<Record<string, number[]>> = { buy_and_hold: [6, 4], rejected: [3, 3], retired: [6, 4] }

export function lines(values: Readonly<Record<string, Numbers>>): Line[] {
  return Object.entries(values).map(([name, values]) => ({ name, values, shown: true }))
}

/** Whether one of the lines shown would press the others flat on a linear scale. */
export function isWide(all: readonly Line[]): boolean {
  let [least, greatest] = [Number.POSITIVE_INFINITY, 0]
  for (const { values } of all.filter(line => line.shown)) {
    for (const value of values) {
      if (value === null || value <= 0) continue
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
    }
  }
  return greatest > 3 * least
}

/** The page's colour of that name; unnamed lines take the accent. */
export function colour(name: string): string {
  const style = getComputedStyle(document.documentElement)
  return style.getPropertyValue(`--${name}`).trim() || style.getPropertyValue('--accent').trim()
}

export function plot(place: HTMLElement, spec: Spec): uPlot {
  const { clientWidth: width } = place
  const height = place.closest('figure')?.classList.contains('small') ? 190 : 340
  place.replaceChildren()
  const made = new uPlot(optionsOf(spec, width, height), [spec.x, ...spec.lines.map(line => line.values)], place)
  if (spec.lines.length > 1 || spec.lines[0]?.name !== '') place.append(legend(made, spec))
  return made
}

function optionsOf(spec: Spec, width: number, height: number): uPlot.Options {
  const { timed, label, log = false, range } = spec
  return {
    width,
    height,
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { sync: { key: 'clock' }, focus: { prox: 24 }, points: { size: 6 }, drag: { x: true, y: false } },
    focus: { alpha: 0.35 },
    padding: [10, 22, 0, 0],
    scales: {
      x: { time: timed },
      y: {
        ...(log ? { distr: 3 as const, range: logRange } : {}),
        ...(range === undefined ? {} : { range: [range[0], range[1]] }),
      },
    },
    axes: [
      { ...axis(), ...(timed ? { values: (_, ticks, __, ___, apart) => dates(ticks, apart) } : {}) },
      {
        ...axis(),
        size: 66,
        values: (_, ticks, __, ___, apart) => ticks.map(tick => (tick === null ? '' : label(tick, log ? undefined : apart))),
      },
    ],
    series: [{}, ...spec.lines.map(line => seriesOf(line, spec))],
    hooks: {
      drawClear: [plot => shade(plot, spec.halted ?? [])],
      draw: [plot => level(plot, spec.levels ?? []), plot => spec.over?.(plot)],
      setCursor: [plot => spec.pointed?.(plot), plot => tell(plot, spec)],
    },
  }
}

/** From one round number to another, where uPlot can begin and end its ticks. */
function logRange(_plot: uPlot, least: number | null, greatest: number | null): uPlot.Range.MinMax {
  if (least === null || greatest === null || least <= 0) return [1, 10]
  const [from, to] = [10 ** Math.floor(Math.log10(least)), 10 ** Math.floor(Math.log10(greatest))]
  return [Math.floor(least / from) * from, Math.max(Math.ceil(greatest / to) * to, 2 * from)]
}

function axis(): uPlot.Axis {
  const stroke = colour('quiet')
  const line = { stroke: colour('line'), width: 1 }
  return { stroke, font: '12px system-ui, sans-serif', grid: line, ticks: { ...line, size: 5 } }
}

function seriesOf({ name, shown }: Line, { stepped = false }: Spec): uPlot.Series {
  const steps = uPlot.paths.stepped
  return {
    label: name,
    show: shown,
    stroke: colour(name),
    width: name === 'synthesized' || name === 'mycelial' || name === 'approved' ? 2 : 1.5,
    points: { show: false },
    ...(dashes[name] === undefined ? {} : { dash: dashes[name] }),
    ...(stepped && steps !== undefined ? { paths: steps({ align: 1 }) } : {}),
  }
}

/** Stretches without entries: a wash over the whole height, and a strip at its foot for each portfolio. */
function shade({ ctx, bbox, valToPos, scales }: uPlot, halted: readonly Halted[]): void {
  const portfolios = [...new Set(halted.map(({ portfolio }) => portfolio))]
  const [least = 0, greatest = 0] = [scales.x?.min, scales.x?.max]
  ctx.save()
  for (const { portfolio, from, to } of halted) {
    if (to < least || from > greatest) continue
    const left = valToPos(Math.max(from, least), 'x', true)
    const width = Math.max(1, valToPos(Math.min(to, greatest), 'x', true) - left)
    const foot = bbox.top + bbox.height - (portfolios.indexOf(portfolio) + 1) * 6 * devicePixelRatio
    ctx.fillStyle = colour(portfolio)
    ctx.globalAlpha = 0.07
    ctx.fillRect(left, bbox.top, width, bbox.height)
    ctx.globalAlpha = 0.7
    ctx.fillRect(left, foot, width, 4 * devicePixelRatio)
  }
  ctx.restore()
}

function level({ ctx, bbox, valToPos }: uPlot, values: readonly number[]): void {
  ctx.save()
  ctx.strokeStyle = colour('warn')
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
  for (const value of values) {
    const y = Math.round(valToPos(value, 'y', true)) + 0.5
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  ctx.restore()
}

/** Buttons that show and hide a line and, where the pointer is, tell its value. */
function legend(plot: uPlot, { lines }: Spec): HTMLElement {
  const list = element('div', 'legend')
  list.append(element('span', 'when'))
  lines.forEach((line, i) => {
    const button = element('button', 'key')
    const swatch = element('span', 'swatch')
    swatch.style.background = colour(line.name)
    button.type = 'button'
    button.setAttribute('aria-pressed', String(line.shown))
    button.append(swatch, titles[line.name] ?? line.name, element('span', 'value'))
    button.addEventListener('click', () => {
      line.shown = !line.shown
      button.setAttribute('aria-pressed', String(line.shown))
      plot.setSeries(i + 1, { show: line.shown })
    })
    list.append(button)
  })
  return list
}

function tell(plot: uPlot, { lines, label, timed, x }: Spec): void {
  const list = plot.root.nextElementSibling
  if (list === null) return
  const at = plot.cursor.idx ?? null
  const when = list.querySelector('.when')
  if (when !== null) when.textContent = at === null ? '' : instant(x[at] ?? 0, timed)
  list.querySelectorAll('.value').forEach((place, i) => {
    const value = at === null ? null : (lines[i]?.values[at] ?? null)
    place.textContent = value === null ? '' : label(value, Math.abs(value) * 1e-5)
  })
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  made.className = className
  return made
}
