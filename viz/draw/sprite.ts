/** How much of each pixel a small shape covers, made once for each shape, size and angle. */

export type SpriteShape = 'circle' | 'square' | 'arrow' | 'hex'

/** A square of `side` pixels, row by row, 0 to 255. */
export interface Sprite {
  readonly side: number
  readonly cover: Uint8Array
  /** Of each row the first pixel that is covered, and the one after the last. */
  readonly spans: Uint16Array
}

/** Angles an arrow is drawn at. */
const angles = 64
const longestSide = 512
/** Pixels of all sprites kept; beyond them all are made anew. */
const pixelsKept = 4_000_000
/** Points a pixel is tried at, along each side. */
const fine = 4

const dart = [0.5, 0, -0.5, 0.36, -0.28, 0, -0.5, -0.36]
const hexagon = Array.from({ length: 6 }, (_, i) => [
  Math.cos((i + 0.5) * (Math.PI / 3)),
  Math.sin((i + 0.5) * (Math.PI / 3)),
]).flat()

export class Sprites {
  private readonly made = new Map<number, Sprite>()
  private kept = 0
  /** How often the limit was reached. */
  cleared = 0

  /** `size`: pixels across; `angle`: radians, of an arrow. */
  of(shape: SpriteShape, size: number, angle: number): Sprite {
    const side = Math.max(1, Math.min(longestSide, Math.round(size)))
    const turn = shape === 'arrow' ? Math.round((angle / (2 * Math.PI)) * angles) & (angles - 1) : 0
    const key = (side * angles + turn) * 4 + shapes.indexOf(shape)
    return this.made.get(key) ?? this.make(key, shape, side, (turn / angles) * 2 * Math.PI)
  }

  private make(key: number, shape: SpriteShape, side: number, angle: number): Sprite {
    if (this.kept > pixelsKept) {
      this.made.clear()
      this.kept = 0
      this.cleared++
    }
    const cover = coverOf(shape, side, angle)
    const sprite = { side, cover, spans: spansOf(cover, side) }
    this.made.set(key, sprite)
    this.kept += side * side
    return sprite
  }
}

const shapes: readonly SpriteShape[] = ['circle', 'square', 'arrow', 'hex']

function coverOf(shape: SpriteShape, side: number, angle: number): Uint8Array {
  const cover = new Uint8Array(side * side)
  if (shape === 'square' || side < 3) return cover.fill(255)
  if (shape === 'circle') return disc(cover, side)
  const corners = shape === 'arrow' ? turned(dart, angle, side) : turned(hexagon, 0, side / 2)
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) cover[y * side + x] = covered(corners, x - side / 2, y - side / 2)
  return cover
}

function spansOf(cover: Uint8Array, side: number): Uint16Array {
  const spans = new Uint16Array(2 * side)
  for (let y = 0; y < side; y++) {
    const row = cover.subarray(y * side, (y + 1) * side)
    const first = row.findIndex(share => share > 0)
    if (first >= 0) spans.set([first, 1 + row.findLastIndex(share => share > 0)], 2 * y)
  }
  return spans
}

function disc(cover: Uint8Array, side: number): Uint8Array {
  const radius = side / 2
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const dx = x + 0.5 - radius
      const dy = y + 0.5 - radius
      const inside = radius + 0.5 - Math.sqrt(dx * dx + dy * dy)
      cover[y * side + x] = Math.round(255 * Math.max(0, Math.min(1, inside)))
    }
  return cover
}

function turned(corners: readonly number[], angle: number, size: number): number[] {
  const [cos, sin] = [size * Math.cos(angle), size * Math.sin(angle)]
  return corners.map((value, i) =>
    i % 2 === 0 ? value * cos - (corners[i + 1] as number) * sin : (corners[i - 1] as number) * sin + value * cos,
  )
}

function covered(corners: readonly number[], x: number, y: number): number {
  let hits = 0
  for (let i = 0; i < fine; i++)
    for (let j = 0; j < fine; j++) hits += Number(isInside(corners, x + (i + 0.5) / fine, y + (j + 0.5) / fine))
  return Math.round((255 * hits) / (fine * fine))
}

function isInside(corners: readonly number[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [corners[i], corners[i + 1], corners[j], corners[j + 1]] as [number, number, number, number]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}
