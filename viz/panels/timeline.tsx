/** Events on lanes over time. Wheel zooms, drag moves, a click says what an event was. */

import { useEffect, useState } from 'preact/hooks'
import type { TimelineEvent } from '../../src/model/index.js'
import { categoryColor } from '../../src/view/index.js'
import { CanvasChart, type Point } from './canvas-chart.js'
import { Detail } from './detail.js'
import { Groups, turned } from './groups.js'
import { shownTime } from './numbers.js'
import type { Theme } from './palette.js'
import { field, type PanelProps } from './panel.js'
import type { Pen } from './pen.js'
import { isSame, turnedTo } from './picked.js'
import { label, line, PlotArea, type Range, type Size } from './plot-area.js'
import { useTimeWindow } from './time-window.js'

const laneHeight = 24

export function Timeline({ description, parts, name, version, offer }: PanelProps) {
  const lanes = field<readonly string[]>(parts, name, 'lanes') ?? []
  const events = field<readonly TimelineEvent[]>(parts, name, 'events') ?? []
  const groups = [...new Set(events.map(({ group }) => group))].sort()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [picked, setPicked] = useState<TimelineEvent>()
  const [over, setOver] = useState<TimelineEvent>()
  const whole = wholeOf(events)
  const window = useTimeWindow(whole, whole.most - whole.least)
  const seen = events.filter(
    e => !hidden.has(e.group) && (e.until ?? e.time) >= window.range.least && e.time <= window.range.most,
  )
  const lay = (size: Size) => new PlotArea(size, window.range, { least: 0, most: Math.max(1, lanes.length) })
  const draw = (pen: Pen, size: Size, theme: Theme) => drawEvents(pen, lay(size), { lanes, events: seen, groups, picked }, theme)
  useEffect(() => {
    const columns = ['lane', 'time', 'until', 'group', 'label'] as const
    offer({ draw, rows: () => ({ columns, rows: events.map(event => columns.map(column => event[column])) }) })
  }, [version, hidden, window.range.least, window.range.most])
  if (events.length === 0) return <p class="empty">Nothing has happened yet.</p>
  const find = (at: Point | undefined, size: Size) => (at === undefined ? undefined : eventAt(at, lay(size), lanes, seen))
  return (
    <>
      <Groups groups={groups} hidden={hidden} onTurn={group => setHidden(turned(hidden, group))} />
      <CanvasChart
        label={`${description.title}: ${seen.length} events on ${lanes.length} lanes`}
        height={Math.min(480, lanes.length * laneHeight + 40)}
        draw={draw}
        onMove={(at, size) => setOver(find(at, size))}
        onClick={(at, size) => setPicked(find(at, size))}
        onZoom={(steps, at, size) => window.zoom(steps, lay(size).xAt(at.x))}
        onDrag={(dx, _dy, { width }) => window.pan(-dx / width)}
        onKey={key => {
          const next = turnedTo(key, seen, event => isSame(event, picked))
          if (next !== undefined) setPicked(next)
          return next !== undefined
        }}
      />
      <p class="readout">
        {over === undefined ? `${seen.length} events` : `${over.lane}, ${shownTime(over.time)}: ${over.label}`}
      </p>
      {!window.follows && (
        <p class="note">
          <button type="button" onClick={window.reset}>
            Show all
          </button>
        </p>
      )}
      {picked !== undefined && (
        <Detail title={`${picked.label}, ${shownTime(picked.time)}`} lines={picked.detail} onClose={() => setPicked(undefined)} />
      )}
    </>
  )
}

function wholeOf(events: readonly TimelineEvent[]): Range {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { time, until = time } of events) [least, most] = [Math.min(least, time), Math.max(most, until)]
  if (!(least <= most)) return { least: 0, most: 1 }
  const room = (most - least) * 0.02 || 1
  return { least: least - room, most: most + room }
}

/** From the top: the first lane is read first. */
function laneY(area: PlotArea, lanes: readonly string[], lane: string): number {
  return area.y(lanes.length - lanes.indexOf(lane) - 0.5)
}

function eventAt(
  at: Point,
  area: PlotArea,
  lanes: readonly string[],
  events: readonly TimelineEvent[],
): TimelineEvent | undefined {
  let best: TimelineEvent | undefined
  let least = 12
  for (const event of events) {
    const [from, to] = [area.x(event.time), area.x(event.until ?? event.time)]
    const distance = Math.hypot(Math.max(from - at.x, at.x - to, 0), laneY(area, lanes, event.lane) - at.y)
    if (distance < least) [best, least] = [event, distance]
  }
  return best
}

interface Drawn {
  readonly lanes: readonly string[]
  readonly events: readonly TimelineEvent[]
  readonly groups: readonly string[]
  readonly picked: TimelineEvent | undefined
}

function drawEvents(pen: Pen, area: PlotArea, { lanes, events, groups, picked }: Drawn, theme: Theme): void {
  area.drawAxes(pen, theme, { isTime: true, y: () => '' })
  for (const lane of lanes) {
    const y = laneY(area, lanes, lane)
    pen.lineWidth = 1
    line(pen, theme.line, area.left, y, area.right, y)
    label(pen, theme.muted, lane.length > 8 ? `${lane.slice(0, 7)}…` : lane, area.left - 4, y, 'right', 'middle')
  }
  for (const event of events) {
    const y = laneY(area, lanes, event.lane)
    const from = Math.max(area.left, area.x(event.time))
    const to = Math.min(area.right, area.x(event.until ?? event.time))
    pen.fillStyle = categoryColor(groups.indexOf(event.group))
    pen.beginPath()
    if (event.until !== undefined) pen.fillRect(from, y - 5, Math.max(3, to - from), 10)
    else {
      pen.arc(from, y, 4, 0, 2 * Math.PI)
      pen.fill()
    }
    if (!isSame(event, picked)) continue
    pen.strokeStyle = theme.text
    pen.lineWidth = 2
    pen.beginPath()
    pen.arc((from + to) / 2, y, 9, 0, 2 * Math.PI)
    pen.stroke()
  }
}
