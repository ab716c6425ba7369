/** Loads what paints films: the viewer's drawing code, bundled for Node when the project is built. */

import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { OperatorError } from '../../core/index.js'

/** A picture as rows of pixels, four bytes each: red, green, blue and opacity. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}

/** Paints one frame after another. */
export interface Painter {
  paint(frame: Uint8Array): Picture
}

interface Bundle {
  Film: new (options: { size: number; layer: string | undefined }) => Painter
}

export async function painterOf(size: number, layer: string | undefined): Promise<Painter> {
  const path = ['../../../viz/film.js', '../../../dist/viz/film.js']
    .map(place => fileURLToPath(new URL(place, import.meta.url)))
    .find(place => existsSync(place))
  if (path === undefined)
    throw new OperatorError({
      what: 'films need the bundle dist/viz/film.js, which was not built',
      next: 'Build it: npm run build.',
    })
  const { Film } = (await import(pathToFileURL(path).href)) as Bundle
  return new Film({ size, layer })
}
