/** The world as a picture: background, layer and edges beneath, agents on top. What lies beneath is painted again only when it has changed. */

import type { Camera } from './camera.js'
import { type Pixel, plainColor } from './color.js'
import { colorTable, shade } from './color-scale.js'
import { cellX, cellY } from './places.js'
import { Raster } from './raster.js'
import { type Crowd, type Scene, type SceneLayer, valueAt } from './scene.js'
import { Sprites } from './sprite.js'

/** What a reader chose, and the colours of the page around the picture. */
export interface PictureOptions {
  /** The layer that is shown; undefined: none. */
  readonly layer: string | undefined
  /** Types, and labels of looks as `type/label`, that are left out. */
  readonly hidden: ReadonlySet<string>
  /** Colours: around the world, of the empty world, of edges. */
  readonly around: Pixel
  readonly ground: Pixel
  readonly edge: Pixel
}

/** Cells narrower than this have no gap between them. */
const gapFrom = 7

export class WorldPicture {
  private raster = new Raster(1, 1)
  private beneath = new Raster(1, 1)
  private readonly sprites = new Sprites()
  private readonly colors = new Map<string, Pixel>()
  private readonly tables = new Map<string, Uint32Array>()
  private cells = new Uint32Array(0)
  private painted: readonly unknown[] = []

  /** `colorOf`: what a colour's name means; without it, only numbers in hex or `rgb()` do. */
  constructor(private readonly colorOf: (css: string) => Pixel = plainColor) {}

  /** Paints a scene on `width` × `height` pixels. The raster is reused by the next call. */
  paint(scene: Scene, camera: Camera, width: number, height: number, options: PictureOptions): Raster {
    if (this.raster.width !== width || this.raster.height !== height) {
      this.raster = new Raster(width, height)
      this.beneath = new Raster(width, height)
      this.painted = []
    }
    this.paintBeneath(scene, camera, options)
    this.raster.copy(this.beneath)
    const colors = scene.looks.map(({ color }) => this.color(color))
    const shown = scene.looks.map(({ type, label }) => !options.hidden.has(type) && !options.hidden.has(`${type}/${label}`))
    for (const crowd of scene.crowds) this.paintCrowd(scene, crowd, camera, colors, shown)
    return this.raster
  }

  private paintBeneath(scene: Scene, camera: Camera, options: PictureOptions): void {
    const layer = scene.layers.find(({ name }) => name === options.layer)
    const { around, ground, edge } = options
    const shown = [camera, around, ground, edge, layer?.values, layer?.min, layer?.max, scene.extent.width, scene.extent.height]
    const now = [...shown, scene.edges, scene.nodes === undefined ? 0 : checksum(scene.nodes)]
    if (now.length === this.painted.length && now.every((value, i) => value === this.painted[i])) return
    this.painted = now
    const { beneath } = this
    beneath.fill(around)
    const [right, bottom] = [camera.x + scene.extent.width * camera.scale, camera.y + scene.extent.height * camera.scale]
    if (scene.space.kind === 'square' || scene.space.kind === 'plane')
      beneath.rect(Math.round(camera.x), Math.round(camera.y), Math.round(right), Math.round(bottom), ground)
    if (scene.space.kind === 'hex') this.paintHexes(scene, camera, undefined, ground)
    if (layer !== undefined) this.paintLayer(scene, layer, camera, ground)
    if (scene.edges !== undefined && scene.nodes !== undefined) paintEdges(beneath, scene.edges, scene.nodes, camera, edge)
  }

  private paintLayer(scene: Scene, layer: SceneLayer, camera: Camera, ground: Pixel): void {
    const { space } = scene
    if (this.cells.length !== layer.values.length) this.cells = new Uint32Array(layer.values.length)
    shade(layer.values, layer.min, layer.max, this.table(layer.colors), ground, this.cells)
    if (space.kind === 'hex') this.paintHexes(scene, camera, this.cells, ground)
    else if (space.kind === 'square') paintSquares(this.beneath, this.cells, space, camera)
  }

  private paintHexes({ space }: Scene, camera: Camera, colors: Uint32Array | undefined, ground: Pixel): void {
    if (space.kind !== 'hex') return
    const across = (camera.scale * 2) / Math.sqrt(3)
    // Colours that meet overlap by a pixel, so that rounding leaves no seam; cells of the bare ground keep a thin gap.
    const sprite = this.sprites.of('hex', colors === undefined && across >= gapFrom ? across - 1 : Math.ceil(across + 1), 0)
    for (let cell = 0; cell < space.width * space.height; cell++)
      this.beneath.stamp(
        sprite,
        cellX(space, cell) * camera.scale + camera.x,
        cellY(space, cell) * camera.scale + camera.y,
        colors === undefined ? ground : (colors[cell] as number),
      )
  }

  private paintCrowd(scene: Scene, crowd: Crowd, camera: Camera, colors: readonly Pixel[], shown: readonly boolean[]): void {
    const { raster, sprites } = this
    const { at, ids, look, size, angle } = crowd
    const most = scene.space.kind === 'none' ? largest(size) : 1
    const unit = (scene.unit * camera.scale) / most
    const fills = scene.space.kind === 'square'
    const isApart = scene.space.kind === 'none'
    for (let i = 0; i < ids.length; i++) {
      const number = valueAt(look, i)
      if (shown[number] !== true) continue
      const { shape } = scene.looks[number] as Scene['looks'][number]
      const x = (at[2 * i] as number) * camera.scale + camera.x
      const y = (at[2 * i + 1] as number) * camera.scale + camera.y
      const across = Math.max(2, valueAt(size, i) * unit)
      const color = colors[number] as Pixel
      if (fills && shape === 'square') fillCell(raster, x, y, across, color)
      else
        raster.stamp(
          sprites.of(shape, shape === 'circle' || isApart ? Math.max(2, 0.86 * across) : across, valueAt(angle, i)),
          x,
          y,
          color,
        )
    }
  }

  private color(css: string): Pixel {
    const known = this.colors.get(css)
    if (known !== undefined) return known
    const color = this.colorOf(css)
    this.colors.set(css, color)
    return color
  }

  private table(colors: readonly string[]): Uint32Array {
    const key = colors.join()
    const known = this.tables.get(key)
    if (known !== undefined) return known
    const table = colorTable(colors, css => this.color(css))
    this.tables.set(key, table)
    return table
  }
}

/** Fills from edge to edge, so that neighbouring cells leave neither gap nor overlap; wide cells keep a thin gap. */
function fillCell(raster: Raster, x: number, y: number, across: number, color: Pixel): void {
  const gap = across >= gapFrom ? 1 : 0
  const half = across / 2
  raster.rect(Math.round(x - half), Math.round(y - half), Math.round(x + half) - gap, Math.round(y + half) - gap, color)
}

function paintSquares(raster: Raster, colors: Uint32Array, space: { width: number; height: number }, camera: Camera): void {
  const { width, height, pixels } = raster
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor((x + 0.5 - camera.x) / camera.scale))
  const left = columns.findIndex(column => column >= 0)
  if (left < 0) return
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y + 0.5 - camera.y) / camera.scale)
    if (row < 0 || row >= space.height) continue
    const start = row * space.width
    for (let x = left; x < width && (columns[x] as number) < space.width; x++)
      pixels[y * width + x] = colors[start + (columns[x] as number)] as number
  }
}

function paintEdges(raster: Raster, edges: Uint32Array, nodes: Float32Array, camera: Camera, color: Pixel): void {
  const share = Math.max(24, Math.min(120, 300_000 / Math.max(1, edges.length)))
  const place = (node: number, axis: 0 | 1) =>
    (nodes[2 * node + axis] as number) * camera.scale + (axis === 0 ? camera.x : camera.y)
  for (let i = 0; i < edges.length; i += 2) {
    const [a, b] = [edges[i] as number, edges[i + 1] as number]
    raster.line(place(a, 0), place(a, 1), place(b, 0), place(b, 1), color, share)
  }
}

function largest(sizes: Float32Array): number {
  let most = 1
  for (const size of sizes) if (size > most) most = size
  return most
}

/** Tells whether nodes have moved: they are written in place. */
function checksum(nodes: Float32Array): number {
  let sum = 0
  for (let i = 0; i < nodes.length; i++) sum = (sum * 31 + (nodes[i] as number) * 64) % 1_000_003
  return sum
}
