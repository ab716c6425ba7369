/** The area of a chart: scales from values to pixels, and the axes around it. */

import { shownShort, shownTick, ticks, timeTicks } from './numbers.js'
import type { Theme } from './palette.js'
import type { Pen } from './pen.js'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Range {
  readonly least: number
  readonly most: number
}

/** How the values at the axes are written. */
export interface AxisFormat {
  readonly isTime?: boolean
  readonly x?: (value: number) => string
  readonly y?: (value: number) => string
}

const margin = { left: 52, right: 10, top: 8, bottom: 22 }

export class PlotArea {
  readonly left = margin.left
  readonly top = margin.top
  readonly right: number
  readonly bottom: number

  constructor(
    readonly size: Size,
    readonly xs: Range,
    readonly ys: Range,
  ) {
    this.right = size.width - margin.right
    this.bottom = size.height - margin.bottom
  }

  x(value: number): number {
    return this.left + ((value - this.xs.least) / (this.xs.most - this.xs.least)) * (this.right - this.left)
  }

  y(value: number): number {
    return this.bottom - ((value - this.ys.least) / (this.ys.most - this.ys.least)) * (this.bottom - this.top)
  }

  /** The value under a pixel. */
  xAt(pixel: number): number {
    return this.xs.least + ((pixel - this.left) / (this.right - this.left)) * (this.xs.most - this.xs.least)
  }

  yAt(pixel: number): number {
    return this.ys.least + ((this.bottom - pixel) / (this.bottom - this.top)) * (this.ys.most - this.ys.least)
  }

  drawAxes(pen: Pen, theme: Theme, format: AxisFormat = {}): void {
    const { isTime = false, x = isTime ? shownTick : shownShort, y = shownShort } = format
    pen.font = `11px ${theme.font}`
    pen.lineWidth = 1
    for (const value of ticks(this.ys.least, this.ys.most, (this.bottom - this.top) / 40)) {
      const at = Math.round(this.y(value)) + 0.5
      line(pen, theme.line, this.left, at, this.right, at)
      label(pen, theme.muted, y(value), this.left - 6, at, 'right', 'middle')
    }
    const xTicks = isTime ? timeTicks : ticks
    for (const value of xTicks(this.xs.least, this.xs.most, (this.right - this.left) / 70))
      label(pen, theme.muted, x(value), this.x(value), this.bottom + 6, 'center', 'top')
    line(pen, theme.line, this.left, this.bottom + 0.5, this.right, this.bottom + 0.5)
  }
}

export function line(pen: Pen, color: string, x1: number, y1: number, x2: number, y2: number): void {
  pen.strokeStyle = color
  pen.beginPath()
  pen.moveTo(x1, y1)
  pen.lineTo(x2, y2)
  pen.stroke()
}

export function label(
  pen: Pen,
  color: string,
  text: string,
  x: number,
  y: number,
  align: CanvasTextAlign,
  baseline: CanvasTextBaseline,
): void {
  pen.fillStyle = color
  pen.textAlign = align
  pen.textBaseline = baseline
  pen.fillText(text, x, y)
}

/** The range of values, a little wider than they are; 0 … 1 where there are none. */
export function rangeOf(values: ArrayLike<number>, from = 0, to = values.length): Range {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let i = from; i < to; i++) {
    const value = values[i] as number
    if (value < least) least = value
    if (value > most) most = value
  }
  return widened({ least, most })
}

export function widened({ least, most }: Range): Range {
  if (!(least <= most)) return { least: 0, most: 1 }
  const room = (most - least) * 0.04 || Math.abs(most) * 0.04 || 1
  return { least: least - room, most: most + room }
}
