/** Candles with volume and marks. Wheel zooms, drag moves, a click on a mark says what it was. */

import { useEffect, useState } from 'preact/hooks'
import type { CandleMark } from '../../src/model/index.js'
import { categoryColor } from '../../src/view/index.js'
import { CanvasChart, type Point } from './canvas-chart.js'
import { Detail } from './detail.js'
import { Groups, turned } from './groups.js'
import { shown, shownTime } from './numbers.js'
import type { Theme } from './palette.js'
import { field, numbers, type PanelProps } from './panel.js'
import type { Pen } from './pen.js'
import { isSame, turnedTo } from './picked.js'
import { PlotArea, type Range, type Size, widened } from './plot-area.js'
import { useTimeWindow } from './time-window.js'

interface Bars {
  readonly time: ArrayLike<number>
  readonly open: ArrayLike<number>
  readonly high: ArrayLike<number>
  readonly low: ArrayLike<number>
  readonly close: ArrayLike<number>
  readonly volume: ArrayLike<number>
}

/** Candles seen at first, and marks drawn in one picture at most: of more, every n-th. */
const standardCandles = 120
const mostMarks = 400
const up = '#009e73'
const down = '#d55e00'
/** The share of the height that is volume's. */
const volumeShare = 0.18

export function Candles({ description, parts, name, version, offer }: PanelProps) {
  const read = (key: keyof Bars) => numbers(parts, name, key)
  const bars: Bars = {
    time: read('time'),
    open: read('open'),
    high: read('high'),
    low: read('low'),
    close: read('close'),
    volume: read('volume'),
  }
  const overlays = (field<readonly string[]>(parts, name, 'lines') ?? []).map(
    line => [line, numbers(parts, name, `lines/${encodeURIComponent(line)}`)] as const,
  )
  const marks = field<readonly CandleMark[]>(parts, name, 'marks') ?? []
  const groups = [...new Set(marks.map(({ group }) => group))].sort()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [over, setOver] = useState<number>()
  const [picked, setPicked] = useState<CandleMark>()
  const count = bars.time.length
  const last = count - 1
  const bar = count > 1 ? ((bars.time[last] as number) - (bars.time[0] as number)) / last : 1
  const whole: Range = { least: (bars.time[0] ?? 0) - bar, most: (bars.time[last] ?? 1) + bar }
  const window = useTimeWindow(whole, standardCandles * bar)
  const seen = marks.filter(({ group, time }) => !hidden.has(group) && time >= window.range.least && time <= window.range.most)
  const drawn = thinned(seen)
  const layOut = (size: Size) => new Layout(size, bars, window.range, drawn)
  const draw = (pen: Pen, size: Size, theme: Theme) =>
    drawCandles(pen, layOut(size), { bars, bar, overlays, groups, marks: drawn, over, picked }, theme)
  useEffect(() => {
    const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const
    const rows = () => Array.from({ length: count }, (_, i) => columns.map(column => bars[column][i]))
    offer({ draw, rows: () => ({ columns, rows: rows() }) })
  }, [version, hidden, window.range.least, window.range.most])
  if (count === 0) return <p class="empty">No candles yet.</p>
  return (
    <>
      <Groups groups={groups} hidden={hidden} onTurn={group => setHidden(turned(hidden, group))} />
      <CanvasChart
        label={`${description.title}: ${count} candles to ${shownTime(bars.time[last] ?? 0)}, the last close ${shown(bars.close[last] ?? Number.NaN)}, ${seen.length} marks`}
        height={340}
        draw={draw}
        onMove={(at, size) => setOver(at === undefined ? undefined : indexAt(bars.time, layOut(size).area.xAt(at.x)))}
        onClick={(at, size) => setPicked(markAt(at, layOut(size), drawn, bars))}
        onZoom={(steps, at, size) => window.zoom(steps, layOut(size).area.xAt(at.x))}
        onDrag={(dx, _dy, { width }) => window.pan(-dx / width)}
        onKey={key => turnByKey(key, window, drawn, picked, setPicked)}
      />
      <p class="readout">
        {saidOf(bars, over ?? last)}
        {overlays.map(([label, values], i) => (
          <span key={label}>
            {' · '}
            <span class="swatch" style={{ background: overlayColor(i) }} /> {label} {shown(values[over ?? last] ?? Number.NaN)}
          </span>
        ))}
      </p>
      {(!window.follows || drawn.length < seen.length) && (
        <p class="note">
          {drawn.length < seen.length && `${drawn.length} of ${seen.length} marks are drawn; zoom in for all. `}
          {!window.follows && (
            <button type="button" onClick={window.reset}>
              Back to the newest
            </button>
          )}
        </p>
      )}
      {picked !== undefined && (
        <Detail title={`${picked.label}, ${shownTime(picked.time)}`} lines={picked.detail} onClose={() => setPicked(undefined)} />
      )}
    </>
  )
}

/** Arrow keys go from mark to mark, + and − zoom at the end. */
function turnByKey(
  key: string,
  window: ReturnType<typeof useTimeWindow>,
  marks: readonly CandleMark[],
  picked: CandleMark | undefined,
  pick: (mark: CandleMark | undefined) => void,
): boolean {
  const next = turnedTo(key, marks, mark => isSame(mark, picked))
  if (next !== undefined) pick(next)
  if (key === '+' || key === '-') window.zoom(key === '+' ? 1 : -1, window.range.most)
  if (key === 'Escape') pick(undefined)
  return next !== undefined || key === '+' || key === '-' || key === 'Escape'
}

function thinned(marks: readonly CandleMark[]): readonly CandleMark[] {
  if (marks.length <= mostMarks) return marks
  // Odd, because entries and exits alternate, and both are to be seen.
  const every = Math.ceil(marks.length / mostMarks) | 1
  return marks.filter((_, i) => i % every === 0)
}

function saidOf({ time, open, high, low, close, volume }: Bars, i: number): string {
  const at = (values: ArrayLike<number>) => shown(values[i] ?? Number.NaN)
  const ends = volume.length > 0 ? `, volume ${at(volume)}` : ''
  return `${shownTime(time[i] ?? 0)}: open ${at(open)}, high ${at(high)}, low ${at(low)}, close ${at(close)}${ends}`
}

/** The candle at or before a time, by halving. */
function indexAt(time: ArrayLike<number>, at: number): number {
  let [low, high] = [0, time.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((time[middle] as number) <= at) low = middle
    else high = middle - 1
  }
  return low
}

/** After the colours of the marks' groups. */
function overlayColor(i: number): string {
  return categoryColor(3 + i)
}

class Layout {
  readonly area: PlotArea
  readonly first: number
  readonly last: number
  readonly volumeTop: number

  constructor(size: Size, bars: Bars, range: Range, marks: readonly CandleMark[]) {
    this.first = indexAt(bars.time, range.least)
    this.last = indexAt(bars.time, range.most)
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let i = this.first; i <= this.last; i++) {
      least = Math.min(least, bars.low[i] as number)
      most = Math.max(most, bars.high[i] as number)
    }
    for (const { price } of marks) if (price !== undefined) [least, most] = [Math.min(least, price), Math.max(most, price)]
    const prices = widened({ least, most })
    const room = bars.volume.length > 0 ? (prices.most - prices.least) * (volumeShare / (1 - volumeShare)) : 0
    this.area = new PlotArea(size, range, { least: prices.least - room, most: prices.most })
    this.volumeTop = this.area.bottom - (this.area.bottom - this.area.top) * volumeShare
  }

  /** Where a mark stands: at its price, else above or below its candle. */
  markPlace({ time, price, shape }: CandleMark, bars: Bars): Point {
    const i = indexAt(bars.time, time)
    const y = price ?? (shape === 'up' ? bars.low[i] : bars.high[i]) ?? 0
    const away = price !== undefined ? 0 : shape === 'up' ? 10 : -10
    return { x: this.area.x(time), y: this.area.y(y) + away }
  }
}

function markAt(at: Point, layout: Layout, marks: readonly CandleMark[], bars: Bars): CandleMark | undefined {
  let best: CandleMark | undefined
  let least = 14
  for (const mark of marks) {
    const { x, y } = layout.markPlace(mark, bars)
    const distance = Math.hypot(x - at.x, y - at.y)
    if (distance < least) [best, least] = [mark, distance]
  }
  return best
}

interface Drawn {
  readonly bars: Bars
  /** Length of a candle, ms. */
  readonly bar: number
  /** Lines over the candles, by name: a value a candle. */
  readonly overlays: readonly (readonly [string, ArrayLike<number>])[]
  readonly groups: readonly string[]
  readonly marks: readonly CandleMark[]
  readonly over: number | undefined
  readonly picked: CandleMark | undefined
}

function drawCandles(pen: Pen, layout: Layout, { bars, bar, overlays, groups, marks, over, picked }: Drawn, theme: Theme): void {
  const { area, first, last } = layout
  area.drawAxes(pen, theme, { isTime: true })
  const wide = Math.max(1, (area.x(bar) - area.x(0)) * 0.7)
  drawVolume(pen, layout, bars, wide, theme)
  for (let i = first; i <= last; i++) {
    const x = area.x(bars.time[i] as number)
    if (x < area.left || x > area.right) continue
    const [open, close] = [bars.open[i] as number, bars.close[i] as number]
    const color = close >= open ? up : down
    pen.fillStyle = color
    const [top, bottom] = [area.y(bars.high[i] as number), area.y(bars.low[i] as number)]
    pen.fillRect(x - 0.5, top, 1, Math.max(1, bottom - top))
    const body = Math.abs(area.y(open) - area.y(close))
    pen.fillRect(x - wide / 2, Math.min(area.y(open), area.y(close)), wide, Math.max(1, body))
  }
  if (over !== undefined && over >= first && over <= last) {
    pen.globalAlpha = 0.15
    pen.fillStyle = theme.text
    pen.fillRect(area.x(bars.time[over] as number) - wide / 2 - 1, area.top, wide + 2, area.bottom - area.top)
    pen.globalAlpha = 1
  }
  overlays.forEach(([, values], i) => {
    pen.strokeStyle = overlayColor(i)
    pen.lineWidth = 1
    pen.beginPath()
    let isDown = false
    for (let k = first; k <= last; k++) {
      const value = values[k]
      const x = area.x(bars.time[k] as number)
      if (value === undefined || Number.isNaN(value) || x < area.left || x > area.right) isDown = false
      else {
        if (isDown) pen.lineTo(x, area.y(value))
        else pen.moveTo(x, area.y(value))
        isDown = true
      }
    }
    pen.stroke()
  })
  for (const mark of marks)
    drawMark(pen, layout.markPlace(mark, bars), mark, categoryColor(groups.indexOf(mark.group)), theme, isSame(mark, picked))
}

function drawVolume(
  pen: Pen,
  { area, first, last, volumeTop }: Layout,
  { time, volume }: Bars,
  wide: number,
  theme: Theme,
): void {
  let most = 0
  for (let i = first; i <= last; i++) most = Math.max(most, volume[i] ?? 0)
  if (most === 0) return
  pen.fillStyle = theme.muted
  pen.globalAlpha = 0.35
  for (let i = first; i <= last; i++) {
    const x = area.x(time[i] as number)
    if (x < area.left || x > area.right) continue
    const high = ((volume[i] as number) / most) * (area.bottom - volumeTop)
    pen.fillRect(x - wide / 2, area.bottom - high, wide, high)
  }
  pen.globalAlpha = 1
}

function drawMark(pen: Pen, { x, y }: Point, { shape }: CandleMark, color: string, theme: Theme, isPicked: boolean): void {
  const r = isPicked ? 7 : 5
  pen.beginPath()
  if (shape === 'up' || shape === 'down') {
    const d = shape === 'up' ? 1 : -1
    pen.moveTo(x, y - d * r)
    pen.lineTo(x + r, y + d * r)
    pen.lineTo(x - r, y + d * r)
    pen.closePath()
  } else if (shape === 'dot') pen.arc(x, y, r - 1, 0, 2 * Math.PI)
  else {
    pen.moveTo(x - r, y - r)
    pen.lineTo(x + r, y + r)
    pen.moveTo(x + r, y - r)
    pen.lineTo(x - r, y + r)
  }
  pen.lineWidth = shape === 'cross' ? 2 : 1
  pen.strokeStyle = shape === 'cross' ? color : isPicked ? theme.text : theme.surface
  pen.fillStyle = color
  if (shape !== 'cross') pen.fill()
  pen.stroke()
}
