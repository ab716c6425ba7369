/** Colours of charts: told apart by colour-blind people, and even to the eye from least to most. */

/** Okabe and Ito's, for categories. */
export const categories = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7a6a00', '#6b6b6b'] as const

export function categoryColor(index: number): string {
  return categories[index % categories.length] as string
}

/** Viridis at nine places. */
const viridis: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
]

/** The colour of a share between 0 and 1. */
export function viridisColor(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (viridis.length - 1)
  const below = Math.min(viridis.length - 2, Math.floor(at))
  const [from, to] = [viridis[below], viridis[below + 1]] as [readonly number[], readonly number[]]
  const mixed = from.map((value, i) => Math.round(value + ((to[i] as number) - value) * (at - below)))
  return `rgb(${mixed.join(',')})`
}

/** Colours of what surrounds the data, read from the page's style. */
export interface Theme {
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly font: string
}

export function themeOf(element: Element): Theme {
  const style = getComputedStyle(element)
  const read = (name: string, standard: string) => style.getPropertyValue(name).trim() || standard
  return {
    text: read('--text', '#1b1f24'),
    muted: read('--muted', '#59636e'),
    line: read('--line', '#d1d9e0'),
    surface: read('--surface', '#ffffff'),
    font: style.fontFamily || 'sans-serif',
  }
}
