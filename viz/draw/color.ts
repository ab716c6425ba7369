/** Colours as the four bytes of a pixel: red in the lowest byte, then green, blue and opacity. */

export type Pixel = number

export function pixel(red: number, green: number, blue: number, opacity = 255): Pixel {
  return ((opacity << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)` and `rgba(…)`; undefined for other words, which only a browser knows. */
export function parseColor(text: string): Pixel | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1]
  if (hex !== undefined) return ofHex(hex)
  const inside = /^rgba?\(([^)]+)\)$/i.exec(text.trim())?.[1]
  if (inside === undefined) return undefined
  const words = inside.split(/[\s,/]+/).filter(word => word !== '')
  const [red = Number.NaN, green = Number.NaN, blue = Number.NaN] = words.slice(0, 3).map(word => amount(word, 255))
  const opacity = amount(words[3] ?? '1', 1)
  if (![red, green, blue, opacity].every(Number.isFinite)) return undefined
  return pixel(byte(red), byte(green), byte(blue), byte(255 * opacity))
}

/** The colour a plain `parseColor` gives; grey for what it does not know. */
export function plainColor(css: string): Pixel {
  return parseColor(css) ?? pixel(128, 128, 128)
}

/** `share` 0: the first, 1: the second. */
export function mixed(a: Pixel, b: Pixel, share: number): Pixel {
  const channel = (shift: number) => byte(((a >>> shift) & 255) * (1 - share) + ((b >>> shift) & 255) * share)
  return pixel(channel(0), channel(8), channel(16), channel(24))
}

export function cssOf(color: Pixel): string {
  return `rgb(${color & 255},${(color >>> 8) & 255},${(color >>> 16) & 255})`
}

function ofHex(hex: string): Pixel | undefined {
  const full = hex.length <= 4 ? [...hex].map(digit => digit + digit).join('') : hex
  if (full.length !== 6 && full.length !== 8) return undefined
  const at = (i: number) => Number.parseInt(full.slice(i, i + 2), 16)
  return pixel(at(0), at(2), at(4), full.length === 8 ? at(6) : 255)
}

/** A number, or a share of `whole` in percent. */
function amount(word: string, whole: number): number {
  return word.endsWith('%') ? (Number.parseFloat(word) * whole) / 100 : Number(word)
}

function byte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}
