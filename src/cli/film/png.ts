/** A PNG of the last picture. */

import { writeAtomic } from '../../storage/index.js'
import { type FastPng, loadFastPng } from './load.js'
import type { Picture } from './painter.js'

export class PngWriter {
  private last: Picture | undefined

  private constructor(
    private readonly path: string,
    private readonly png: FastPng,
  ) {}

  static async open(path: string): Promise<PngWriter> {
    return new PngWriter(path, await loadFastPng())
  }

  add(picture: Picture): void {
    this.last = picture
  }

  finish(): void {
    if (this.last === undefined) return
    const { width, height, rgba } = this.last
    writeAtomic(this.path, this.png.encode({ width, height, data: rgba, channels: 4 }))
  }

  /** Nothing is on disk before `finish`. */
  abandon(): void {}
}
