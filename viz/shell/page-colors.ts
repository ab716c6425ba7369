/** Colours as the browser knows them: by any CSS name, and those of the page's own tokens. */

import { type Pixel, parseColor, pixel } from '../draw/color.js'

let pen: CanvasRenderingContext2D | null | undefined

/** Any CSS colour; grey for text that is none. */
export function cssColor(text: string): Pixel {
  return parseColor(text) ?? byBrowser(text) ?? pixel(128, 128, 128)
}

/** The value of a custom property such as `--ground`. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** A canvas writes a colour it understands as hex or `rgba()`, and keeps the one before otherwise. */
function byBrowser(text: string): Pixel | undefined {
  pen ??= document.createElement('canvas').getContext('2d')
  if (pen === null || !CSS.supports('color', text)) return undefined
  pen.fillStyle = text
  return parseColor(String(pen.fillStyle))
}
