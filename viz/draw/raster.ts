/**
 * A picture in memory, painted pixel by pixel. Where no graphics processor helps, this is many times faster than ten thousand calls of a
 * canvas, and it needs no browser.
 */

import type { Pixel } from './color.js'
import type { Sprite } from './sprite.js'

/** Pixels up to which a loop is faster than a call of `fill`: five times, where a cell is two pixels wide. */
const narrow = 16

export class Raster {
  readonly pixels: Uint32Array<ArrayBuffer>

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.pixels = new Uint32Array(width * height)
  }

  fill(color: Pixel): void {
    this.pixels.fill(color)
  }

  /** Of the same size. */
  copy(other: Raster): void {
    this.pixels.set(other.pixels)
  }

  /** From (x0, y0) to before (x1, y1), whole pixels. */
  rect(x0: number, y0: number, x1: number, y1: number, color: Pixel): void {
    const { pixels, width, height } = this
    const left = Math.max(0, x0)
    const right = Math.min(width, x1)
    if (left >= right) return
    const isNarrow = right - left <= narrow
    for (let y = Math.max(0, y0), end = Math.min(height, y1); y < end; y++) {
      const from = y * width + left
      const to = y * width + right
      if (isNarrow) for (let at = from; at < to; at++) pixels[at] = color
      else pixels.fill(color, from, to)
    }
  }

  /** A sprite whose middle is at (x, y). */
  stamp({ side, cover, spans }: Sprite, x: number, y: number, color: Pixel): void {
    const { pixels, width, height } = this
    const left = Math.round(x - side / 2)
    const top = Math.round(y - side / 2)
    if (left >= width || top >= height || left + side <= 0 || top + side <= 0) return
    const [fromX, toX] = [Math.max(0, -left), Math.min(side, width - left)]
    const opacity = color >>> 24
    for (let row = Math.max(0, -top), last = Math.min(side, height - top); row < last; row++) {
      const first = Math.max(fromX, spans[2 * row] as number)
      const end = Math.min(toX, spans[2 * row + 1] as number)
      let from = row * side + first
      let to = (top + row) * width + left + first
      for (let column = first; column < end; column++, from++, to++) {
        const share = opacity === 255 ? (cover[from] as number) : ((cover[from] as number) * opacity) >> 8
        if (share === 255) pixels[to] = color
        else if (share > 0) pixels[to] = over(pixels[to] as number, color, share)
      }
    }
  }

  /** A line one pixel wide, `share` of 255 opaque. */
  line(x0: number, y0: number, x1: number, y1: number, color: Pixel, share: number): void {
    const clipped = clip(x0, y0, x1, y1, this.width - 1, this.height - 1)
    if (clipped === undefined) return
    const [ax, ay, bx, by] = clipped
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(bx - ax), Math.abs(by - ay))))
    const steep = Math.abs(by - ay) > Math.abs(bx - ax)
    for (let i = 0; i <= steps; i++) {
      const x = ax + ((bx - ax) * i) / steps
      const y = ay + ((by - ay) * i) / steps
      const across = steep ? x : y
      const rest = across - Math.floor(across)
      this.touch(Math.floor(x + (steep ? 0 : 0.5)), Math.floor(y + (steep ? 0.5 : 0)), color, share * (1 - rest))
      this.touch(Math.floor(x + (steep ? 1 : 0.5)), Math.floor(y + (steep ? 0.5 : 1)), color, share * rest)
    }
  }

  private touch(x: number, y: number, color: Pixel, share: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return
    const at = y * this.width + x
    this.pixels[at] = over(this.pixels[at] as number, color, Math.round(share))
  }
}

/** `share` of 255 of a colour over an opaque one. Channel by channel, without a call: pictures spend most of their time here. */
function over(below: Pixel, color: Pixel, share: number): Pixel {
  const rest = 255 - share
  const red = (color & 255) * share + (below & 255) * rest
  const green = ((color >>> 8) & 255) * share + ((below >>> 8) & 255) * rest
  const blue = ((color >>> 16) & 255) * share + ((below >>> 16) & 255) * rest
  return opaque | (byte255(blue) << 16) | (byte255(green) << 8) | byte255(red)
}

const opaque = 255 << 24

/** value / 255, rounded down, for 0 … 65,025: without a division. */
function byte255(value: number): number {
  return (value + 1 + (value >> 8)) >> 8
}

/** Liang and Barsky's cut of a line at the edges of [0, right] × [0, bottom]; undefined where all of it lies outside. */
function clip(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  right: number,
  bottom: number,
): [number, number, number, number] | undefined {
  const [dx, dy] = [x1 - x0, y1 - y0]
  let [from, to] = [0, 1]
  for (const [towards, distance] of [
    [-dx, x0],
    [dx, right - x0],
    [-dy, y0],
    [dy, bottom - y0],
  ] as const) {
    if (towards === 0) {
      if (distance < 0) return undefined
    } else if (towards < 0) from = Math.max(from, distance / towards)
    else to = Math.min(to, distance / towards)
  }
  return from > to ? undefined : [x0 + from * dx, y0 + from * dy, x0 + to * dx, y0 + to * dy]
}
