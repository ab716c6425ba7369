/** What is drawn over the world for a reader: the chosen agent, its neighbours and its trail. */

import type { Camera } from './camera.js'
import type { Picked } from './pick.js'
import { cellX, cellY } from './places.js'
import type { Scene } from './scene.js'

/** The part of a canvas's context that is used, so that anything that has it can be drawn on. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'stroke'
  | 'lineWidth'
  | 'strokeStyle'
  | 'clearRect'
  | 'setLineDash'
  | 'fillStyle'
  | 'fillText'
  | 'font'
  | 'textBaseline'
>

export interface Marks {
  readonly chosen: Picked | undefined
  readonly hovered: Picked | undefined
  readonly neighbors: readonly Picked[]
  /** As the part `agent/<key>/trail` has it: two numbers a step on a plane, else one, a cell. */
  readonly trail: ArrayLike<number>
}

export interface MarkColors {
  readonly ink: string
  readonly halo: string
  readonly neighbor: string
}

/** `dot`: the size of a pixel of the page in the picture's pixels. */
export function drawMarks(pen: Pen, scene: Scene, camera: Camera, marks: Marks, colors: MarkColors, dot: number): void {
  const radius = Math.max(5 * dot, 0.6 * scene.unit * camera.scale)
  drawHeadings(pen, scene, camera, colors, dot)
  drawTrail(pen, scene, camera, marks.trail, colors, dot)
  for (const neighbor of marks.neighbors) ring(pen, camera, neighbor, radius, colors.neighbor, 2 * dot)
  const { hovered, chosen } = marks
  if (hovered !== undefined) ring(pen, camera, hovered, radius + 2 * dot, colors.ink, dot)
  if (chosen === undefined) return
  ring(pen, camera, chosen, radius + 2 * dot, colors.halo, 5 * dot)
  ring(pen, camera, chosen, radius + 2 * dot, colors.ink, 2.5 * dot)
}

/** Sizes of headings, in pixels of the page: smaller ones nobody reads. */
const [leastText, mostText] = [8, 13]

function drawHeadings(pen: Pen, { headings, heading }: Scene, camera: Camera, colors: MarkColors, dot: number): void {
  const size = Math.min(mostText * dot, 0.7 * heading * camera.scale)
  if (headings.length === 0 || size < leastText * dot) return
  pen.font = `${size}px system-ui, sans-serif`
  pen.fillStyle = colors.ink
  pen.textBaseline = 'bottom'
  for (const { text, x, y } of headings)
    pen.fillText(text, x * camera.scale + camera.x, (y + 0.95 * heading) * camera.scale + camera.y)
}

function ring(pen: Pen, camera: Camera, { x, y }: Picked, radius: number, color: string, width: number): void {
  pen.beginPath()
  pen.arc(x * camera.scale + camera.x, y * camera.scale + camera.y, radius, 0, 2 * Math.PI)
  pen.strokeStyle = color
  pen.lineWidth = width
  pen.stroke()
}

function drawTrail(pen: Pen, scene: Scene, camera: Camera, trail: ArrayLike<number>, colors: MarkColors, dot: number): void {
  const points = trailPoints(scene, trail)
  if (points.length < 4) return
  for (const [color, width] of [
    [colors.halo, 4 * dot],
    [colors.ink, 1.5 * dot],
  ] as const) {
    pen.beginPath()
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i] as number, points[i + 1] as number]
      const jumps = i === 0 || isJump(scene, x - (points[i - 2] as number), y - (points[i - 1] as number))
      const [px, py] = [x * camera.scale + camera.x, y * camera.scale + camera.y]
      if (jumps) pen.moveTo(px, py)
      else pen.lineTo(px, py)
    }
    pen.strokeStyle = color
    pen.lineWidth = width
    pen.stroke()
  }
}

function trailPoints({ space, nodes }: Scene, trail: ArrayLike<number>): number[] {
  if (space.kind === 'plane') return Array.from(trail)
  if (space.kind === 'none') return []
  return Array.from(trail).flatMap(cell =>
    space.kind === 'network' ? [nodes?.[2 * cell] ?? 0, nodes?.[2 * cell + 1] ?? 0] : [cellX(space, cell), cellY(space, cell)],
  )
}

/** Across an edge that meets the opposite one. */
function isJump({ space, extent }: Scene, dx: number, dy: number): boolean {
  return space.kind !== 'network' && (Math.abs(dx) > extent.width / 2 || Math.abs(dy) > extent.height / 2)
}
