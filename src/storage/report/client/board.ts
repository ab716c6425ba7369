/** All charts of the page: drawn again when the page is wider, darker or printed; scale and zoom by buttons. */

import type uPlot from 'uplot'
import { plot, type Spec } from './plot.js'

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

function scaleButtons(chart: Chart): void {
  const buttons = [...chart.figure.querySelectorAll<HTMLButtonElement>('button[data-choice="scale"]')]
  const press = () => {
    for (const button of buttons)
      button.setAttribute('aria-pressed', String((button.value === 'log') === (chart.spec.log === true)))
  }
  for (const button of buttons) {
    button.addEventListener('click', () => {
      chart.spec.log = button.value === 'log'
      press()
      redraw(chart)
    })
  }
  press()
}
