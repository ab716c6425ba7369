/** The price chart: one pair at a time, with the trades of the portfolios the reader wants to see. */

import type uPlot from 'uplot'
import type { ClientData } from '../client-data.js'
import type { TradeMarks } from '../data.js'
import type { Board, Chart } from './board.js'
import { dollars, instant, price } from './labels.js'
import { colour, lines, type Spec } from './plot.js'

/** A trade may be read where the pointer is nearer than this, in CSS pixels. */
const reach = 18

export function showPrices(board: Board, figure: HTMLElement, data: ClientData): void {
  const select = document.querySelector<HTMLSelectElement>('#pair')
  const { trades } = data
  if (select === null || trades === null) return
  const boxes = [...document.querySelectorAll<HTMLInputElement>('input[name="book"]')]
  const wanted = () =>
    placesOf(
      trades,
      select.value,
      boxes.filter(box => box.checked).map(box => box.value),
    )
  let shown = wanted()
  const spec = (): Spec => ({
    x: data.prices.x,
    timed: data.timed,
    lines: lines({ close: data.prices.lines[select.value] ?? [] }),
    label: price,
    over: plot => mark(plot, trades, shown),
    pointed: plot => read(plot, trades, shown, data.timed),
  })
  const most = [...select.options].map(option => placesOf(trades, option.value, trades.portfolios).length)
  select.selectedIndex = Math.max(0, startAt(trades, select, most))
  shown = wanted()
  const chart = board.add(figure, spec())
  const again = () => {
    shown = wanted()
    chart.spec = { ...spec(), log: chart.spec.log === true }
    board.redraw(chart)
  }
  select.addEventListener('change', again)
  for (const box of boxes) box.addEventListener('change', again)
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-zoom]')) {
    button.addEventListener('click', () => zoom(chart, data.prices.x, button.dataset.zoom ?? 'all'))
  }
}

/** Begins with the pair on which the mycelial portfolio traded most, else with the busiest. */
function startAt(trades: TradeMarks, select: HTMLSelectElement, most: readonly number[]): number {
  const learnt = [...select.options].map(option => placesOf(trades, option.value, ['mycelial']).length)
  const by = Math.max(...learnt, 0) > 0 ? learnt : most
  return by.indexOf(Math.max(...by))
}

function placesOf(trades: TradeMarks, pair: string, portfolios: readonly string[]): number[] {
  const wanted = new Set(portfolios.map(portfolio => trades.portfolios.indexOf(portfolio)))
  const at = trades.pairs.indexOf(pair)
  return trades.pair.flatMap((p, i) => (p === at && wanted.has(trades.portfolio[i] ?? -1) ? [i] : []))
}

function mark(plot: uPlot, trades: TradeMarks, shown: readonly number[]): void {
  const { ctx, bbox } = plot
  const size = (shown.length > 400 ? 3 : 4.5) * devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.lineWidth = devicePixelRatio
  for (const i of shown) {
    const [x, y, endX, endY] = corners(plot, trades, i, true)
    if (endX < bbox.left || x > bbox.left + bbox.width) continue
    ctx.strokeStyle = ctx.fillStyle = colourOf(trades, i)
    stroke(ctx, x, y, endX, endY)
    entry(ctx, x, y, size, trades.direction[i] ?? 1)
    exit(ctx, endX, endY, size * 0.75)
  }
  ctx.restore()
}

function corners(plot: uPlot, trades: TradeMarks, i: number, canvas: boolean): [number, number, number, number] {
  return [
    plot.valToPos(trades.entry[i] ?? 0, 'x', canvas),
    plot.valToPos(trades.entryPrice[i] ?? 0, 'y', canvas),
    plot.valToPos(trades.exit[i] ?? 0, 'x', canvas),
    plot.valToPos(trades.exitPrice[i] ?? 0, 'y', canvas),
  ]
}

const colours = new Map<string, string>()

function colourOf(trades: TradeMarks, i: number): string {
  const portfolio = trades.portfolios[trades.portfolio[i] ?? 0] ?? ''
  const known = colours.get(portfolio)
  if (known !== undefined) return known
  colours.set(portfolio, colour(portfolio))
  return colour(portfolio)
}

function stroke(ctx: CanvasRenderingContext2D, x: number, y: number, endX: number, endY: number): void {
  ctx.globalAlpha = 0.55
  ctx.beginPath()
  ctx.moveTo(x, y)
  ctx.lineTo(endX, endY)
  ctx.stroke()
  ctx.globalAlpha = 0.9
}

function entry(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, direction: number): void {
  ctx.beginPath()
  ctx.moveTo(x, y - direction * size)
  ctx.lineTo(x + size, y + direction * size)
  ctx.lineTo(x - size, y + direction * size)
  ctx.closePath()
  ctx.fill()
}

function exit(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.beginPath()
  ctx.arc(x, y, size, 0, 2 * Math.PI)
  ctx.stroke()
}

/** Tells of the trade nearest to the pointer. */
function read(plot: uPlot, trades: TradeMarks, shown: readonly number[], timed: boolean): void {
  const place = document.getElementById('trade-readout')
  const { left = -1, top = -1 } = plot.cursor
  if (place === null || left < 0) return
  let [nearest, best] = [-1, reach]
  for (const i of shown) {
    const [x, y, endX, endY] = corners(plot, trades, i, false)
    const distance = Math.min(Math.hypot(x - left, y - top), Math.hypot(endX - left, endY - top))
    if (distance >= best) continue
    nearest = i
    best = distance
  }
  if (nearest >= 0) place.textContent = story(trades, nearest, timed)
}

function story(trades: TradeMarks, i: number, timed: boolean): string {
  const way = trades.direction[i] === 1 ? 'long' : 'short'
  const from = `${instant(trades.entry[i] ?? 0, timed)} at ${price(trades.entryPrice[i] ?? 0)}`
  const to = `${instant(trades.exit[i] ?? 0, timed)} at ${price(trades.exitPrice[i] ?? 0)}`
  return `${trades.portfolios[trades.portfolio[i] ?? 0]}, ${way}: ${from} → ${to}, P&L ${dollars(trades.pnl[i] ?? 0, 0.01)}`
}

function zoom({ plot }: Chart, x: readonly number[], move: string): void {
  const [first = 0, last = 1] = [x[0], x.at(-1)]
  const { min = first, max = last } = plot.scales.x ?? {}
  const [from, to] = [min ?? first, max ?? last]
  const width = to - from
  const shift = move === 'earlier' ? -width / 2 : move === 'later' ? width / 2 : 0
  const grow = move === 'closer' ? -width / 4 : move === 'wider' ? width / 2 : 0
  const next = move === 'all' ? [first, last] : [Math.max(first, from + shift - grow), Math.min(last, to + shift + grow)]
  plot.setScale('x', { min: next[0] ?? first, max: Math.max(next[1] ?? last, (next[0] ?? first) + 1) })
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => colours.clear())
addEventListener('beforeprint', () => colours.clear())
addEventListener('afterprint', () => colours.clear())
