/** Where the pictures of a film go: a GIF, a PNG of the last one, or a WebM, by the ending of the file's name. */

import { extname } from 'node:path'
import { OperatorError } from '../../core/index.js'
import { GifWriter } from './gif.js'
import type { Picture } from './painter.js'
import { PngWriter } from './png.js'
import { WebmWriter } from './webm.js'

/** Takes pictures of one size; the file is there, and whole, after `finish`. */
export interface FilmWriter {
  add(picture: Picture): Promise<void> | void
  finish(): Promise<void> | void
  /** Leaves no file behind. */
  abandon(): void
}

/** @param rate pictures a second. */
export async function writerOf(path: string, rate: number): Promise<FilmWriter> {
  const ending = extname(path).toLowerCase()
  if (ending === '.gif') return await GifWriter.open(path, rate)
  if (ending === '.png') return await PngWriter.open(path)
  if (ending === '.webm') return new WebmWriter(path, rate)
  throw new OperatorError({
    what: '--out',
    expected: 'a file that ends in .gif, .png or .webm',
    got: path,
    next: 'A .png holds the last picture; .webm needs ffmpeg.',
  })
}
