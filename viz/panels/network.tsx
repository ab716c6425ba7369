/** Nodes and edges: groups by colour, lit by what passes; a node can be dragged, and says on a click what it is. */

import { useEffect, useRef, useState } from 'preact/hooks'
import type { NetworkEdge, NetworkNode } from '../../src/model/index.js'
import { categoryColor } from '../../src/view/index.js'
import { CanvasChart, type Point } from './canvas-chart.js'
import { Detail } from './detail.js'
import { Groups, turned } from './groups.js'
import { NetworkPlaces, type Place } from './network-places.js'
import type { Theme } from './palette.js'
import { field, type PanelProps } from './panel.js'
import type { Pen } from './pen.js'
import { turnedTo } from './picked.js'
import { label, type Size } from './plot-area.js'

/** Main-thread time a frame may give to the layout, ms. */
const layoutTime = 6

export function Network({ description, parts, name, version, offer }: PanelProps) {
  const nodes = field<readonly NetworkNode[]>(parts, name, 'nodes') ?? []
  const edges = field<readonly NetworkEdge[]>(parts, name, 'edges') ?? []
  const laidOut = useRef(new NetworkPlaces()).current
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [picked, setPicked] = useState<string>()
  const [over, setOver] = useState<string>()
  const [, setMoved] = useState(0)
  const dragged = useRef<string>(undefined)
  const groups = [...new Set(nodes.map(({ group = '' }) => group))].filter(group => group !== '')
  const places = laidOut.take(nodes, edges)
  const seen = nodes.filter(({ group = '' }) => !hidden.has(group))
  const draw = (pen: Pen, size: Size, theme: Theme) =>
    drawNetwork(pen, new Fit(places, size), { nodes: seen, edges, places, groups, picked, over }, theme)
  useEffect(
    () =>
      offer({
        draw,
        rows: () => ({ columns: ['from', 'to', 'label', 'heat'], rows: edges.map(e => [e.from, e.to, e.label, e.heat]) }),
      }),
    [version, hidden],
  )
  useEffect(() => {
    if (!laidOut.settles) return
    const frame = requestAnimationFrame(() => {
      laidOut.settle(layoutTime)
      setMoved(n => n + 1)
    })
    return () => cancelAnimationFrame(frame)
  })
  if (nodes.length === 0) return <p class="empty">No nodes yet.</p>
  const find = (at: Point | undefined, size: Size) =>
    at === undefined ? undefined : nodeAt(at, new Fit(places, size), seen, places)
  const drag = (dx: number, dy: number, size: Size, from: Point) => {
    const fit = new Fit(places, size)
    dragged.current ??= find(from, size)?.id
    const place = places.get(dragged.current ?? '')
    if (place === undefined) return
    laidOut.move(dragged.current ?? '', place.x + dx / fit.scale, place.y + dy / fit.scale)
    setMoved(n => n + 1)
  }
  const detailed = nodes.find(({ id }) => id === picked)
  const pointed = nodes.find(({ id }) => id === over)
  return (
    <>
      <Groups groups={groups} hidden={hidden} onTurn={group => setHidden(turned(hidden, group))} />
      <CanvasChart
        label={`${description.title}: ${nodes.length} nodes, ${edges.length} edges`}
        height={360}
        draw={draw}
        onMove={(at, size) => {
          dragged.current = undefined
          setOver(find(at, size)?.id)
        }}
        onDrag={drag}
        onClick={(at, size) => setPicked(find(at, size)?.id)}
        onKey={key => {
          const next = turnedTo(key, seen, ({ id }) => id === picked)
          if (next !== undefined) setPicked(next.id)
          return next !== undefined
        }}
      />
      <p class="readout">{pointed === undefined ? 'Click a node for more; drag to move it.' : labelOf(pointed)}</p>
      {detailed !== undefined && (
        <Detail
          title={labelOf(detailed)}
          lines={detailed.detail ?? [detailed.group ?? '']}
          onClose={() => setPicked(undefined)}
        />
      )}
    </>
  )
}

function labelOf({ id, label: said }: NetworkNode): string {
  return said ?? id
}

/** From places to pixels: all of them fit, at one scale. */
class Fit {
  readonly scale: number
  private readonly x0: number
  private readonly y0: number

  constructor(places: ReadonlyMap<string, Place>, { width, height }: Size) {
    let [left, right, top, bottom] = [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]
    for (const { x, y } of places.values()) {
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
    const room = 24
    this.scale = Math.min((width - 2 * room) / Math.max(1, right - left), (height - 2 * room) / Math.max(1, bottom - top))
    this.x0 = width / 2 - ((left + right) / 2) * this.scale
    this.y0 = height / 2 - ((top + bottom) / 2) * this.scale
  }

  x({ x }: Place): number {
    return this.x0 + x * this.scale
  }

  y({ y }: Place): number {
    return this.y0 + y * this.scale
  }
}

const radius = 5

function nodeAt(at: Point, fit: Fit, nodes: readonly NetworkNode[], places: ReadonlyMap<string, Place>): NetworkNode | undefined {
  let best: NetworkNode | undefined
  let least = 14
  for (const node of nodes) {
    const place = places.get(node.id)
    if (place === undefined) continue
    const distance = Math.hypot(fit.x(place) - at.x, fit.y(place) - at.y)
    if (distance < least) [best, least] = [node, distance]
  }
  return best
}

interface Drawn {
  readonly nodes: readonly NetworkNode[]
  readonly edges: readonly NetworkEdge[]
  readonly places: ReadonlyMap<string, Place>
  readonly groups: readonly string[]
  readonly picked: string | undefined
  readonly over: string | undefined
}

/** Up to so many edges each can be followed by eye; more of them would hide the nodes. */
const fewEdges = 100

function drawNetwork(pen: Pen, fit: Fit, { nodes, edges, places, groups, picked, over }: Drawn, theme: Theme): void {
  const shown = new Set(nodes.map(({ id }) => id))
  const [faint, plain] = edges.length <= fewEdges ? [0.7, theme.muted] : [0.25, theme.line]
  for (const { from, to, heat = 0 } of edges) {
    const [a, b] = [places.get(from), places.get(to)]
    if (a === undefined || b === undefined || !shown.has(from) || !shown.has(to)) continue
    const isPicked = from === picked || to === picked
    pen.globalAlpha = isPicked ? 1 : faint + (1 - faint) * heat
    pen.lineWidth = 0.75 + 2 * heat + (isPicked ? 1 : 0)
    pen.strokeStyle = isPicked ? theme.text : heat > 0 ? '#d55e00' : plain
    pen.beginPath()
    pen.moveTo(fit.x(a), fit.y(a))
    pen.lineTo(fit.x(b), fit.y(b))
    pen.stroke()
  }
  for (const node of nodes) {
    const place = places.get(node.id)
    if (place === undefined) continue
    const { heat = 0, group = '' } = node
    pen.globalAlpha = 1
    pen.fillStyle = categoryColor(Math.max(0, groups.indexOf(group)))
    circle(pen, fit.x(place), fit.y(place), radius)
    pen.fill()
    if (heat > 0 || node.id === picked) {
      pen.globalAlpha = node.id === picked ? 1 : heat
      pen.strokeStyle = node.id === picked ? theme.text : '#d55e00'
      pen.lineWidth = 2
      circle(pen, fit.x(place), fit.y(place), radius + 2)
      pen.stroke()
    }
  }
  pen.globalAlpha = 1
  pen.font = `11px ${theme.font}`
  const named = nodes.length <= 30 ? nodes : nodes.filter(({ id }) => id === picked || id === over)
  for (const node of named) {
    const place = places.get(node.id)
    if (place !== undefined) label(pen, theme.text, labelOf(node), fit.x(place), fit.y(place) - radius - 3, 'center', 'bottom')
  }
}

function circle(pen: Pen, x: number, y: number, r: number): void {
  pen.beginPath()
  pen.moveTo(x + r, y)
  pen.arc(x, y, r, 0, 2 * Math.PI)
}
