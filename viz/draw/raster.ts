/**
 * A picture in memory, painted pixel by pixel. Where no graphics processor helps, this is many times faster than ten thousand calls of a
 * canvas, and it needs no browser.
 */

import { type Pixel, pixel } from './color.js'
import type { Sprite } from './sprite.js'

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
    for (let y = Math.max(0, y0), end = Math.min(height, y1); y < end; y++)
      pixels.fill(color, y * width + left, y * width + right)
  }

  /** A sprite whose middle is at (x, y). */
  stamp({ side, cover }: Sprite, x: number, y: number, color: Pixel): void {
    const { pixels, width, height } = this
    const left = Math.round(x - side / 2)
    const top = Math.round(y - side / 2)
    if (left >= width || top >= height || left + side <= 0 || top + side <= 0) return
    const [fromX, toX] = [Math.max(0, -left), Math.min(side, width - left)]
    const opacity = color >>> 24
    for (let row = Math.max(0, -top), end = Math.min(side, height - top); row < end; row++) {
      let from = row * side + fromX
      let to = (top + row) * width + left + fromX
      for (let column = fromX; column < toX; column++, from++, to++) {
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

/** `share` of 255 of a colour over an opaque one. */
function over(below: Pixel, color: Pixel, share: number): Pixel {
  const rest = 255 - share
  const channel = (shift: number) => ((((color >>> shift) & 255) * share + ((below >>> shift) & 255) * rest) / 255) | 0
  return pixel(channel(0), channel(8), channel(16))
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
