/** The pictures of a film: what the viewer draws of a run, painted in memory. It needs no page, so it runs in Node. */

import { Parts } from '../../src/view/index.js'
import { fitted } from '../draw/camera.js'
import { pixel } from '../draw/color.js'
import { type Scene, SceneReader } from '../draw/scene.js'
import { WorldPicture } from '../draw/world-picture.js'

/** A picture as rows of pixels, four bytes each: red, green, blue and opacity. */
export interface FilmPicture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}

export interface FilmOptions {
  /** Pixels of the longer side. */
  readonly size: number
  /** The layer beneath the agents; undefined: the first, `none`: none. */
  readonly layer?: string | undefined
}

/** A light page, whatever the reader's is. */
const colors = { around: pixel(255, 255, 255), ground: pixel(244, 245, 247), edge: pixel(200, 204, 210) }
const nothing: ReadonlySet<string> = new Set()

export class Film {
  private readonly parts = new Parts()
  private readonly reader = new SceneReader()
  private readonly picture = new WorldPicture()
  private size: { width: number; height: number } | undefined

  constructor(private readonly options: FilmOptions) {}

  /** Takes one frame of a run and paints it. All pictures of a film have the size of the first. */
  paint(frame: Uint8Array): FilmPicture {
    this.parts.receive(frame)
    const scene = this.scene()
    this.size ??= sizeOf(scene, this.options.size)
    const { width, height } = this.size
    const margin = scene.space.kind === 'network' ? 8 : 0
    const { pixels } = this.picture.paint(scene, fitted(scene.extent, width, height, margin), width, height, {
      ...colors,
      layer: this.layerOf(scene),
      hidden: nothing,
    })
    return { width, height, rgba: new Uint8Array(pixels.buffer.slice(0)) }
  }

  /** With a network laid out to its end. */
  private scene(): Scene {
    const { layout } = this.reader
    const first = this.read()
    if (!layout.settles) return first
    while (layout.settles) layout.tick()
    return this.read()
  }

  private read(): Scene {
    const scene = this.reader.read(this.parts)
    if (scene === undefined) throw new Error('The frame has no world in it.')
    return scene
  }

  private layerOf({ layers }: Scene): string | undefined {
    const { layer } = this.options
    if (layer === undefined) return layers[0]?.name
    const known = layers.map(({ name }) => name)
    if (layer !== 'none' && !known.includes(layer)) throw new RangeError(known.join(', '))
    return layer
  }
}

/** The world's own shape; even numbers, which video needs. */
function sizeOf({ extent }: Scene, size: number): { width: number; height: number } {
  const scale = size / Math.max(extent.width, extent.height)
  const even = (length: number) => Math.max(8, 2 * Math.round((length * scale) / 2))
  return { width: even(extent.width), height: even(extent.height) }
}
