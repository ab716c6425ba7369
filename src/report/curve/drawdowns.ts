/** The worst drawdowns of a curve: from a highest value to the next time it is reached again. */

export interface Drawdown {
  /** A fraction ≥ 0. */
  readonly depth: number
  /** Rows of the highest value before, of the lowest in between, and of the recovery; null: not yet. */
  readonly from: number
  readonly trough: number
  readonly until: number | null
}

/** The deepest first, at most `count`. */
export function worstDrawdowns(equity: Float64Array, count: number): Drawdown[] {
  const all: Drawdown[] = []
  let [peak, trough] = [-1, -1]
  const close = (until: number | null) => {
    if (trough < 0) return
    all.push({ depth: 1 - (equity[trough] as number) / (equity[peak] as number), from: peak, trough, until })
    trough = -1
  }
  equity.forEach((value, i) => {
    if (!Number.isFinite(value)) return
    if (peak < 0 || value >= (equity[peak] as number)) {
      close(i)
      peak = i
    } else if (trough < 0 || value < (equity[trough] as number)) trough = i
  })
  close(null)
  return all.sort((a, b) => b.depth - a.depth || a.from - b.from).slice(0, count)
}
