/** Colours of the values of a layer, from least to most. */

import { cssOf, mixed, type Pixel, plainColor } from './color.js'

/** Viridis: as bright as the value is high, and told apart by colour-blind people. */
const viridis = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725']

const shades = 256

/** What a layer's own colours are; viridis where it names fewer than two. */
export function scaleColors(colors: readonly string[]): readonly string[] {
  return colors.length < 2 ? viridis : colors
}

/** As the style of a bar that explains them, from left to right. */
export function gradientOf(colors: readonly string[]): string {
  return `linear-gradient(to right, ${scaleColors(colors).join(', ')})`
}

/** A colour for each of 256 equal parts of the range. */
export function colorTable(colors: readonly string[], colorOf: (css: string) => Pixel): Uint32Array {
  const stops = scaleColors(colors).map(colorOf)
  return Uint32Array.from({ length: shades }, (_, i) => {
    const at = (i / (shades - 1)) * (stops.length - 1)
    const before = Math.min(Math.floor(at), stops.length - 2)
    return mixed(stops[before] as Pixel, stops[before + 1] as Pixel, at - before)
  })
}

/** Writes the colour of each value into `into`; a value that is no number gets `blank`. */
export function shade(
  values: ArrayLike<number>,
  min: number,
  max: number,
  table: Uint32Array,
  blank: Pixel,
  into: Uint32Array,
): void {
  const per = max > min ? (shades - 1) / (max - min) : 0
  for (let i = 0; i < into.length; i++) {
    const value = values[i] as number
    const at = Math.round((value - min) * per)
    into[i] = Number.isNaN(value) ? blank : (table[at < 0 ? 0 : at >= shades ? shades - 1 : at] as number)
  }
}

const viridisTable = colorTable(viridis, plainColor)

/** The colour of a share between 0 and 1, as CSS has it. */
export function viridisColor(share: number): string {
  return cssOf(viridisTable[Math.round(Math.min(1, Math.max(0, share)) * (shades - 1))] as Pixel)
}
