/** A GIF with one palette for all its pictures, of which each holds only what has changed since the one before. */

import { OperatorError } from '../../core/index.js'
import { writeAtomic } from '../../storage/index.js'
import { viewLimits } from '../../view/index.js'
import { type Gifenc, loadGifenc } from './load.js'
import type { Picture } from './painter.js'

/** Colours of the palette; one more place is the transparent one. */
const colors = 255
/** Pictures from which the palette is made. */
const sampled = 12
/** How long the last picture stays. */
const restMs = 1_500

export class GifWriter {
  /** All are kept, since the palette is that of all. */
  private readonly pictures: Picture[] = []
  private pixels = 0

  private constructor(
    private readonly path: string,
    private readonly rate: number,
    private readonly gifenc: Gifenc,
  ) {}

  static async open(path: string, rate: number): Promise<GifWriter> {
    return new GifWriter(path, rate, await loadGifenc())
  }

  add(picture: Picture): void {
    this.pixels += picture.width * picture.height
    if (this.pixels > viewLimits.filmPixels) throw tooLarge(this.pixels)
    this.pictures.push(picture)
  }

  finish(): void {
    const { GIFEncoder, applyPalette } = this.gifenc
    const gif = GIFEncoder()
    const palette = [...this.palette(), [0, 0, 0]]
    const clear = palette.length - 1
    let before: Uint8Array | undefined
    this.pictures.forEach(({ width, height, rgba }, i) => {
      const index = applyPalette(rgba, palette.slice(0, clear))
      const isLast = i === this.pictures.length - 1
      gif.writeFrame(before === undefined ? index : changes(index, before, clear), width, height, {
        ...(before === undefined && { palette }),
        delay: isLast ? restMs : 1_000 / this.rate,
        transparent: before !== undefined,
        transparentIndex: clear,
        dispose: 1,
      })
      before = index
    })
    gif.finish()
    writeAtomic(this.path, gif.bytes())
  }

  /** Nothing is on disk before `finish`. */
  abandon(): void {}

  private palette(): number[][] {
    const every = Math.max(1, Math.ceil(this.pictures.length / sampled))
    const some = this.pictures.filter((_, i) => i % every === 0 || i === this.pictures.length - 1)
    const all = new Uint8Array(some.reduce((sum, { rgba }) => sum + rgba.length, 0))
    let at = 0
    for (const { rgba } of some) {
      all.set(rgba, at)
      at += rgba.length
    }
    return this.gifenc.quantize(all, colors)
  }
}

/** What is as it was becomes transparent. */
function changes(index: Uint8Array, before: Uint8Array, clear: number): Uint8Array {
  return index.map((color, i) => (color === before[i] ? clear : color))
}

function tooLarge(pixels: number): OperatorError {
  return new OperatorError({
    what: 'The pictures of a film',
    expected: `at most ${viewLimits.filmPixels} pixels together in a .gif`,
    got: `${pixels} and more`,
    next: 'Give a larger --every or a smaller --size, or write a .webm.',
  })
}
