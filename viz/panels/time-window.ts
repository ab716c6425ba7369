/** The stretch of a long axis that is seen: it follows the newest until a reader zooms or drags it. */

import { useState } from 'preact/hooks'
import type { Range } from './plot-area.js'

export interface TimeWindow {
  readonly range: Range
  readonly follows: boolean
  zoom(steps: number, at: number): void
  /** By a share of what is seen. */
  pan(share: number): void
  reset(): void
}

/** `whole` is all there is; `standard` how much of its end is seen at first. */
export function useTimeWindow(whole: Range, standard: number): TimeWindow {
  const [chosen, setChosen] = useState<Range>()
  const [span, setSpan] = useState<number>()
  const least = whole.least
  const shown = Math.min(span ?? standard, Math.max(1, whole.most - least))
  const range = chosen ?? { least: whole.most - shown, most: whole.most }
  const size = range.most - range.least
  const keep = (from: number, length: number) => {
    if (from + length >= whole.most && length <= whole.most - least) {
      setSpan(length)
      setChosen(undefined)
    } else
      setChosen({
        least: Math.max(least, Math.min(from, whole.most - length)),
        most: Math.max(least, Math.min(from, whole.most - length)) + length,
      })
  }
  return {
    range,
    follows: chosen === undefined,
    zoom: (steps, at) => {
      const length = Math.min(Math.max(size * 0.8 ** steps, (whole.most - least) / 2_000), Math.max(1, whole.most - least))
      const share = (at - range.least) / size
      keep(at - share * length, length)
    },
    pan: share => keep(range.least + share * size, size),
    reset: () => {
      setSpan(undefined)
      setChosen(undefined)
    },
  }
}
