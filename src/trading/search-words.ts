/** What a search for patterns could not have seen, in words: said of every run, and above all of one that found nothing. */

/** The weakest effect that would have been approved with this chance, by horizon in bars; none in too short a run. */
export interface Detectable {
  readonly power: number
  readonly bars: number
  readonly effects: readonly { readonly horizon: number; readonly ic: number; readonly moveAtFourSigma: number }[]
}

export function missedSentence({ power, bars, effects }: Detectable, approved: number): string {
  const nothing = approved === 0 ? 'Nothing was approved. ' : ''
  const [first] = effects
  if (first === undefined) return `${nothing}In ${bars} bars no effect of any size could have been approved.`
  const sizes = effects.map(({ horizon, moveAtFourSigma }) => `${moveAtFourSigma.toFixed(2)} σ over ${horizon}`)
  const chance = `${Math.round(100 * (1 - power))} % or more`
  return `${nothing}Weaker causes are missed with a chance of ${chance}: correlation below ${first.ic.toFixed(3)}, or moves below ${sizes.join(', ')} bars where the driver is at 4 σ.`
}
