/** All charts of the page: drawn again when the page is wider, darker or printed; scale and zoom by buttons. */

import type uPlot from 'uplot'
import { isWide, plot, type Spec } from './plot.js'

export interface Chart {
  readonly figure: HTMLElement
  spec: Spec
  plot: uPlot
}

export interface Board {
  add(figure: HTMLElement, spec: Spec): Chart
  /** Draws one chart again, keeping its zoom. */
  redraw(chart: Chart): void
  /** From now on, follows the size and the colours of the page. */
  follow(): void
}

export function board(): Board {
  const charts: Chart[] = []
  const redrawAll = () => charts.forEach(redraw)
  return {
    add(figure, spec) {
      const chart: Chart = { figure, spec, plot: plot(placeIn(figure), spec) }
      charts.push(chart)
      scaleButtons(chart)
      lineButtons(chart)
      return chart
    },
    redraw,
    follow() {
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll)
      addEventListener('beforeprint', () => printing(true, redrawAll))
      addEventListener('afterprint', () => printing(false, redrawAll))
      new ResizeObserver(() => charts.forEach(fit)).observe(document.body)
    },
  }
}

/** Paper is light, whatever the screen is. */
function printing(on: boolean, redrawAll: () => void): void {
  document.documentElement.classList.toggle('paper', on)
  redrawAll()
}

function redraw(chart: Chart): void {
  const { min, max } = chart.plot.scales.x ?? {}
  chart.plot.destroy()
  chart.plot = plot(placeIn(chart.figure), chart.spec)
  if (min !== undefined && min !== null && max !== undefined && max !== null) chart.plot.setScale('x', { min, max })
}

function fit({ figure, plot }: Chart): void {
  const width = placeIn(figure).clientWidth
  if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height })
}

function placeIn(figure: HTMLElement): HTMLElement {
  return figure.querySelector<HTMLElement>('.plot') ?? figure
}

/** Shows the lines a button names and hides the others; the scale begins again from what they need. */
function lineButtons(chart: Chart): void {
  const buttons = [...chart.figure.querySelectorAll<HTMLButtonElement>('button[data-choice="lines"]')]
  for (const button of buttons) {
    button.setAttribute('aria-pressed', String(button.value === 'all'))
    button.addEventListener('click', () => {
      const wanted = button.value.split(' ')
      for (const line of chart.spec.lines) line.shown = button.value === 'all' || wanted.includes(line.name)
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button))
      chart.spec.log = isWide(chart.spec.lines)
      pressScale(chart)
      redraw(chart)
    })
  }
}

function scaleButtons(chart: Chart): void {
  for (const button of scaleButtonsOf(chart)) {
    button.addEventListener('click', () => {
      chart.spec.log = button.value === 'log'
      pressScale(chart)
      redraw(chart)
    })
  }
  pressScale(chart)
}

function pressScale(chart: Chart): void {
  const now = chart.spec.log === true ? 'log' : 'linear'
  for (const button of scaleButtonsOf(chart)) button.setAttribute('aria-pressed', String(button.value === now))
}

function scaleButtonsOf({ figure }: Chart): HTMLButtonElement[] {
  return [...figure.querySelectorAll<HTMLButtonElement>('button[data-choice="scale"]')]
}
