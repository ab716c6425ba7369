/** Mouse, pen and fingers on the world: move to see, drag to shift, wheel and two fingers to zoom, click to choose. */

import type { WorldStage } from './world-stage.js'

/** A press that moves less than this is a click, px. */
const still = 5
/** How far from an agent's edge a finger may be, px. */
const fingerReach = 14

interface Point {
  x: number
  y: number
}

export class WorldPointer {
  private readonly down = new Map<number, Point>()
  private start: Point | undefined
  private moved = false
  /** The agent whose node is dragged. */
  private held: number | undefined

  constructor(
    private readonly stage: WorldStage,
    private readonly element: HTMLElement,
    private readonly choose: (id: number | undefined) => void,
  ) {
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(type, listener, { passive: false })
    on('pointerdown', event => this.press(event))
    on('pointermove', event => this.move(event))
    on('pointerup', event => this.release(event))
    on('pointercancel', event => this.cancel(event))
    on('pointerleave', event => this.leave(event))
    on('wheel', event => this.wheel(event))
    on('dblclick', () => stage.fit())
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return
    const at = this.at(event)
    this.down.set(event.pointerId, at)
    this.element.setPointerCapture(event.pointerId)
    if (this.down.size > 1) return
    this.start = at
    this.moved = false
    this.held = this.stage.scene?.space.kind === 'network' ? this.stage.agentAt(at.x, at.y, 0)?.id : undefined
  }

  private move(event: PointerEvent): void {
    const at = this.at(event)
    const before = this.down.get(event.pointerId)
    if (before === undefined) {
      if (event.pointerType !== 'touch') this.stage.point(at)
      return
    }
    if (this.down.size === 2) this.pinch(event.pointerId, before, at)
    else this.drag(before, at)
    this.down.set(event.pointerId, at)
  }

  private drag(before: Point, at: Point): void {
    const { start } = this
    if (start !== undefined && Math.hypot(at.x - start.x, at.y - start.y) > still) this.moved = true
    if (!this.moved) return
    if (this.held !== undefined) this.stage.dragNode(this.held, at.x, at.y)
    else this.stage.pan(at.x - before.x, at.y - before.y)
  }

  private pinch(id: number, before: Point, at: Point): void {
    this.moved = true
    const other = [...this.down].find(([key]) => key !== id)?.[1]
    if (other === undefined) return
    const apart = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y))
    this.stage.zoom(apart(at) / apart(before), (at.x + other.x) / 2, (at.y + other.y) / 2)
    this.stage.pan((at.x - before.x) / 2, (at.y - before.y) / 2)
  }

  private release(event: PointerEvent): void {
    const wasDown = this.down.delete(event.pointerId)
    if (!wasDown || this.moved || this.down.size > 0) return
    const { x, y } = this.at(event)
    this.choose(this.stage.agentAt(x, y, event.pointerType === 'touch' ? fingerReach : undefined)?.id)
  }

  private cancel(event: PointerEvent): void {
    this.down.delete(event.pointerId)
    this.moved = true
  }

  private leave(event: PointerEvent): void {
    if (this.down.size === 0 && event.pointerType !== 'touch') this.stage.point(undefined)
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault()
    const { x, y } = this.at(event)
    const lines = event.deltaMode === 0 ? event.deltaY / 400 : event.deltaY / 12
    this.stage.zoom(Math.exp(-Math.max(-1, Math.min(1, lines))), x, y)
  }

  /** The canvas fills the element, and begins at its corner. */
  private at(event: MouseEvent): Point {
    return { x: event.offsetX, y: event.offsetY }
  }
}
