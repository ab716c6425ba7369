/** A chart on a canvas: sized by its place, sharp on any screen, drawn again when its data, its size or the theme change. */

import { useEffect, useRef } from 'preact/hooks'
import { onTheme } from '../shell/theme.js'
import { type Theme, themeOf } from './palette.js'
import type { Pen } from './pen.js'
import type { Size } from './plot-area.js'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface CanvasChartProps {
  /** What a reader without eyes is told. */
  readonly label: string
  readonly height?: number
  draw(pen: Pen, size: Size, theme: Theme): void
  onMove?(at: Point | undefined, size: Size): void
  onClick?(at: Point, size: Size): void
  /** Positive: closer. `x` is where the pointer is, as a share of the width. */
  onZoom?(steps: number, at: Point, size: Size): void
  /** Pixels dragged since the last call. */
  onDrag?(dx: number, dy: number, size: Size, from: Point): void
  onKey?(key: string): boolean
}

export function CanvasChart(props: CanvasChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const paint = () => draw(element, latest.current)
    const resized = new ResizeObserver(paint)
    resized.observe(element)
    const unlisten = onTheme(paint)
    return () => {
      resized.disconnect()
      unlisten()
    }
  }, [])

  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, props)
  })

  useEffect(() => (canvas.current === null ? undefined : listenTo(canvas.current, latest)), [])

  return (
    <canvas
      ref={canvas}
      class="chart-canvas"
      role="img"
      aria-label={props.label}
      tabIndex={props.onKey === undefined ? undefined : 0}
      style={{ height: `${props.height ?? 220}px` }}
    />
  )
}

function draw(canvas: HTMLCanvasElement, { draw: paint }: CanvasChartProps): void {
  const { clientWidth: width, clientHeight: height } = canvas
  if (width === 0 || height === 0) return
  const ratio = devicePixelRatio || 1
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high })
  const context = canvas.getContext('2d')
  if (context === null) return
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  paint(context, { width, height }, themeOf(canvas))
}

/** A press that moves is a drag; one that does not is a click. */
function listenTo(canvas: HTMLCanvasElement, latest: { current: CanvasChartProps }): () => void {
  const controller = new AbortController()
  const { signal } = controller
  let pressed: { from: Point; last: Point; moved: boolean } | undefined
  const sizeOf = (): Size => ({ width: canvas.clientWidth, height: canvas.clientHeight })
  const placeOf = (event: MouseEvent): Point => ({ x: event.offsetX, y: event.offsetY })

  canvas.addEventListener('pointerdown', event => (pressed = { from: placeOf(event), last: placeOf(event), moved: false }), {
    signal,
  })
  canvas.addEventListener(
    'pointermove',
    event => {
      const at = placeOf(event)
      if (pressed === undefined) return latest.current.onMove?.(at, sizeOf())
      if (!pressed.moved && Math.hypot(at.x - pressed.from.x, at.y - pressed.from.y) < 4) return
      if (!pressed.moved) canvas.setPointerCapture(event.pointerId)
      latest.current.onDrag?.(at.x - pressed.last.x, at.y - pressed.last.y, sizeOf(), pressed.from)
      pressed = { ...pressed, last: at, moved: true }
    },
    { signal },
  )
  canvas.addEventListener(
    'pointerup',
    event => {
      if (pressed !== undefined && !pressed.moved) latest.current.onClick?.(placeOf(event), sizeOf())
      pressed = undefined
    },
    { signal },
  )
  canvas.addEventListener('pointercancel', () => (pressed = undefined), { signal })
  canvas.addEventListener('pointerleave', () => latest.current.onMove?.(undefined, sizeOf()), { signal })
  canvas.addEventListener(
    'wheel',
    event => {
      if (latest.current.onZoom === undefined) return
      event.preventDefault()
      latest.current.onZoom(-Math.sign(event.deltaY), placeOf(event), sizeOf())
    },
    { signal, passive: false },
  )
  canvas.addEventListener(
    'keydown',
    event => {
      if (latest.current.onKey?.(event.key) === true) event.preventDefault()
    },
    { signal },
  )
  return () => controller.abort()
}
