/// <reference lib="dom.iterable" />
/** The page's script: draws the charts, sorts tables, follows the reader's theme. Bundled into the report, never fetched. */

import type { ClientData } from '../client-data.js'
import { type Board, board } from './board.js'
import { compact, dollars, share } from './labels.js'
import { isWide, lines, type Spec } from './plot.js'
import { showPrices } from './price.js'
import { makeSortable } from './sort.js'

const holder = document.getElementById('report-data')
if (holder !== null) start(JSON.parse(holder.textContent ?? '') as ClientData)
for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) makeSortable(table)

function start(data: ClientData): void {
  const charts = board()
  for (const figure of document.querySelectorAll<HTMLElement>('figure[data-chart]')) {
    const name = figure.dataset.chart ?? ''
    if (name === 'price') showPrices(charts, figure, data)
    else draw(charts, figure, specOf(name, data))
  }
  charts.follow()
}

function draw(charts: Board, figure: HTMLElement, spec: Spec | undefined): void {
  if (spec !== undefined && spec.lines.length > 0) charts.add(figure, spec)
}

function specOf(name: string, data: ClientData): Spec | undefined {
  const common = { x: data.x, timed: data.timed }
  switch (name) {
    case 'equity':
      return { ...common, lines: lines(data.equity), label: dollars, log: isWide(lines(data.equity)), halted: data.halted }
    case 'drawdown':
      return { ...common, lines: lines(data.drawdown), label: share }
    case 'contagion':
      return { ...common, lines: lines({ contagion: data.contagion }), label: share, levels: data.thresholds, range: [0, 1] }
    case 'patterns':
      return { ...common, lines: lines(positive(data.patterns)), label: compact, log: true, stepped: true }
    default:
      return modelSpec(name, data, common)
  }
}

function modelSpec(name: string, { model }: ClientData, common: Pick<Spec, 'x' | 'timed'>): Spec | undefined {
  const column = name.startsWith('model:') ? name.slice('model:'.length) : ''
  const values = model[column]
  return values === undefined ? undefined : { ...common, lines: lines({ [column]: values }), label: compact }
}

/** A logarithm shows nothing of zero. */
function positive(counts: ClientData['patterns']): ClientData['patterns'] {
  return Object.fromEntries(Object.entries(counts).map(([name, values]) => [name, values.map(n => (n === 0 ? null : n))]))
}
