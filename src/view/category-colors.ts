/** Colours of categories, types of agents and groups alike: Okabe and Ito's, which colour-blind people tell apart; two are darker, to stand on white. */

const categoryColors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7a6a00', '#6b6b6b'] as const

/** The colour of the n-th category, from 0; they come round again. */
export function categoryColor(index: number): string {
  return categoryColors[index % categoryColors.length] as string
}
