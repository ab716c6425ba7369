/** The world on its two canvases: the picture, and marks over it. It draws at most once a picture of the screen, and only what has changed. */

import { type Camera, fitted, panned, zoomed } from '../draw/camera.js'
import { drawMarks, type MarkColors } from '../draw/marks.js'
import { agentAt, agentOfId, agentsOfIds, type Picked } from '../draw/pick.js'
import { cellAt } from '../draw/places.js'
import type { Raster } from '../draw/raster.js'
import { type Scene, SceneReader } from '../draw/scene.js'
import { type PictureOptions, WorldPicture } from '../draw/world-picture.js'
import { cssColor, token } from './page-colors.js'
import type { Run } from './run.js'

/** Pixels of a picture at most, so that a large screen of fine pixels costs no more than a plain one. */
const mostPixels = 2_600_000
/** Main-thread time a frame may give to the layout of a network, ms. */
const layoutTime = 6
const margin = 10
/** What a picture is called in the browser's own measurements. */
const drawing = 'mycelia: world'
const farthest = 0.5
const nearest = 80

/** What is under the pointer. */
export interface Hovered {
  readonly x: number
  readonly y: number
  readonly cell: number | undefined
  readonly agent: Picked | undefined
}

/** The agent that is inspected, and the name its parts begin with. */
export interface Chosen {
  readonly id: number
  readonly name: string
}

export class WorldStage {
  readonly reader = new SceneReader()
  scene: Scene | undefined
  camera: Camera | undefined
  /** What a reader has switched off, and the layer shown; `undefined`: the first one. */
  hidden: ReadonlySet<string> = new Set()
  layer: string | undefined
  chosen: Chosen | undefined
  onHover: (hovered: Hovered | undefined) => void = () => {}

  private readonly picture = new WorldPicture(cssColor)
  private image: { raster: Raster; data: ImageData } | undefined
  private fits = true
  private width = 0
  private height = 0
  private dot = 1
  private frame = 0
  private seen = -1
  private hovered: Hovered | undefined
  /** Whether the picture under the marks is as it should be. */
  private isPainted = false
  private pointer: { x: number; y: number } | undefined
  private keyed: Picked | undefined
  private colors: (MarkColors & Pick<PictureOptions, 'around' | 'ground' | 'edge'>) | undefined
  private readonly unlisten: () => void

  constructor(
    private readonly run: Run,
    private readonly world: HTMLCanvasElement,
    private readonly marks: HTMLCanvasElement,
  ) {
    this.unlisten = run.onFrame(() => this.draw())
  }

  /** Size in pixels of the page. */
  resize(width: number, height: number): void {
    const fine = Math.min(devicePixelRatio, 2, Math.sqrt(mostPixels / Math.max(1, width * height)))
    this.dot = Math.max(0.5, fine)
    this.width = Math.max(1, Math.round(width * this.dot))
    this.height = Math.max(1, Math.round(height * this.dot))
    for (const canvas of [this.world, this.marks]) {
      canvas.width = this.width
      canvas.height = this.height
    }
    this.image = undefined
    this.isPainted = false
    if (this.fits) this.camera = undefined
    // At once, as a canvas of a new size is blank.
    this.draw()
  }

  recolor(): void {
    this.colors = undefined
    this.changed()
  }

  /** Something other than the run has changed. */
  changed(): void {
    this.isPainted = false
    this.redraw()
  }

  private redraw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw())
  }

  fit(): void {
    this.fits = true
    this.camera = undefined
    this.changed()
  }

  /** About a point of the page; without one, about the middle. */
  zoom(factor: number, x = this.width / this.dot / 2, y = this.height / this.dot / 2): void {
    const { scene, camera } = this
    if (scene === undefined || camera === undefined) return
    const whole = fitted(scene.extent, this.width, this.height, margin * this.dot).scale
    this.camera = zoomed(camera, factor, x * this.dot, y * this.dot, whole * farthest, Math.max(whole, 1) * nearest)
    this.fits = false
    this.changed()
  }

  pan(dx: number, dy: number): void {
    const { scene, camera } = this
    if (scene === undefined || camera === undefined) return
    this.camera = panned(camera, dx * this.dot, dy * this.dot, scene.extent, this.width, this.height)
    this.fits = false
    this.changed()
  }

  /** Where the pointer is, in pixels of the page; undefined: away. */
  point(at: { x: number; y: number } | undefined): void {
    this.pointer = at
    this.redraw()
  }

  /** The agent at a point of the page. */
  agentAt(x: number, y: number, reach = 4): Picked | undefined {
    const { scene, camera, dot, hidden } = this
    if (scene === undefined || camera === undefined) return undefined
    return agentAt(scene, camera, x * dot, y * dot, reach * dot, hidden)
  }

  /** The agent a keyboard stands on. */
  key(agent: Picked | undefined): void {
    this.keyed = agent
    this.redraw()
  }

  get keyedAgent(): Picked | undefined {
    return this.keyed === undefined || this.scene === undefined ? undefined : agentOfId(this.scene, this.keyed.id)
  }

  /** Moves the node under an agent of a network to a point of the page. */
  dragNode(id: number, x: number, y: number): void {
    const { scene, camera, dot } = this
    if (scene?.space.kind !== 'network' || camera === undefined) return
    const cell = cellOf(this.run, scene, id)
    if (cell !== undefined)
      this.reader.layout.drag(cell, (x * dot - camera.x) / camera.scale, (y * dot - camera.y) / camera.scale)
    this.seen = -1
    this.changed()
  }

  close(): void {
    this.unlisten()
    cancelAnimationFrame(this.frame)
  }

  private draw(): void {
    // What was planned is done now.
    cancelAnimationFrame(this.frame)
    this.frame = 0
    const begun = performance.now()
    const isNew = this.run.version !== this.seen || this.reader.layout.settles
    if (this.reader.layout.settles) this.settle(begun)
    if (isNew) this.scene = this.reader.read(this.run.parts)
    this.seen = this.run.version
    const { scene } = this
    const pen = this.world.getContext('2d', { alpha: false })
    const over = this.marks.getContext('2d')
    if (scene === undefined || pen === null || over === null || this.width === 0) return
    if (this.fits) this.fitTo(scene)
    // A finger shifts the page over the whole world, and the world itself where it is zoomed.
    this.marks.classList.toggle('near', !this.fits)
    const { camera } = this
    if (camera === undefined) return
    this.colors ??= colorsOfPage()
    const { hidden } = this
    const layer = this.layer ?? scene.layers[0]?.name
    if (isNew || !this.isPainted) {
      const raster = this.picture.paint(scene, camera, this.width, this.height, { ...this.colors, hidden, layer })
      pen.putImageData(this.imageOf(raster), 0, 0)
      this.isPainted = true
    }
    this.drawOver(over, scene, camera, this.colors)
    // For whoever measures; the browser is to keep none.
    performance.measure(drawing, { start: begun })
    performance.clearMeasures(drawing)
    if (this.reader.layout.settles) this.changed()
  }

  private drawOver(pen: CanvasRenderingContext2D, scene: Scene, camera: Camera, colors: MarkColors): void {
    const { chosen, dot } = this
    const hovered = this.hover(scene, camera)
    pen.clearRect(0, 0, this.width, this.height)
    const partOf = (field: string) => (chosen === undefined ? undefined : this.run.parts.array(`${chosen.name}/${field}`)) ?? []
    const marks = {
      chosen: chosen === undefined ? undefined : agentOfId(scene, chosen.id),
      hovered: hovered?.agent ?? this.keyedAgent,
      neighbors: agentsOfIds(scene, Array.from(partOf('neighbors'))),
      trail: partOf('trail'),
    }
    drawMarks(pen, scene, camera, marks, colors, dot)
  }

  private hover(scene: Scene, camera: Camera): Hovered | undefined {
    const next = this.underPointer(scene, camera)
    if (!areAlike(next, this.hovered)) {
      this.hovered = next
      this.onHover(next)
    }
    return next
  }

  private underPointer(scene: Scene, camera: Camera): Hovered | undefined {
    const { pointer, dot } = this
    if (pointer === undefined) return undefined
    const { x, y } = pointer
    const cell = cellAt(scene.space, (x * dot - camera.x) / camera.scale, (y * dot - camera.y) / camera.scale)
    return { x, y, cell, agent: this.agentAt(x, y) }
  }

  private settle(begun: number): void {
    const { layout } = this.reader
    do layout.tick()
    while (layout.settles && performance.now() - begun < layoutTime)
  }

  private fitTo(scene: Scene): void {
    const next = fitted(scene.extent, this.width, this.height, margin * this.dot)
    const { camera } = this
    if (camera === undefined || camera.scale !== next.scale || camera.x !== next.x || camera.y !== next.y) this.camera = next
  }

  private imageOf(raster: Raster): ImageData {
    if (this.image?.raster !== raster) {
      const bytes = new Uint8ClampedArray(raster.pixels.buffer)
      this.image = { raster, data: new ImageData(bytes, raster.width, raster.height) }
    }
    return this.image.data
  }
}

function colorsOfPage(): MarkColors & Pick<PictureOptions, 'around' | 'ground' | 'edge'> {
  return {
    ink: token('--ink'),
    halo: token('--surface'),
    neighbor: token('--neighbor'),
    around: cssColor(token('--around')),
    ground: cssColor(token('--world')),
    edge: cssColor(token('--edge')),
  }
}

function areAlike(a: Hovered | undefined, b: Hovered | undefined): boolean {
  return a === b || (a?.x === b?.x && a?.y === b?.y && a?.cell === b?.cell && a?.agent?.id === b?.agent?.id)
}

function cellOf(run: Run, scene: Scene, id: number): number | undefined {
  for (const { type, ids } of scene.crowds) {
    const i = ids.indexOf(id)
    if (i >= 0) return run.parts.array(`agents/${type}/cell`)?.[i]
  }
  return undefined
}
