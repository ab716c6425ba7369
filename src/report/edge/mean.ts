/** A mean of trades with its standard error. */

export interface Mean {
  readonly n: number
  readonly mean: number
  /** Standard error, trades taken as independent; NaN below two. */
  readonly error: number
}

export function meanOf(values: readonly number[]): Mean {
  const n = values.length
  const mean = values.reduce((sum, x) => sum + x, 0) / n
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return { n, mean, error: n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1) / n) }
}
