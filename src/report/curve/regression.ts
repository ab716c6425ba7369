/** Daily returns regressed on those of a benchmark: what is left of a portfolio once the market's part is taken away. */

export interface Regression {
  readonly days: number
  /** A day, beyond what the benchmark explains; and the slope. Errors by Newey and West (1987). */
  readonly alpha: number
  readonly alphaError: number
  readonly beta: number
  readonly betaError: number
  readonly r2: number
}

/** Undefined where there are fewer than ten days, or the benchmark never moved. */
export function regressionOf(y: readonly number[], x: readonly number[]): Regression | undefined {
  const n = Math.min(x.length, y.length)
  const mean = (values: readonly number[]) => values.slice(0, n).reduce((sum, value) => sum + value, 0) / n
  const [mx, my] = [mean(x), mean(y)]
  const sum = (of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i)).reduce((a, b) => a + b, 0)
  const dx = (i: number) => (x[i] as number) - mx
  const dy = (i: number) => (y[i] as number) - my
  const sxx = sum(i => dx(i) ** 2)
  const syy = sum(i => dy(i) ** 2)
  if (n < 10 || !(sxx > 0)) return undefined
  const beta = sum(i => dx(i) * dy(i)) / sxx
  const alpha = my - beta * mx
  const rest = (i: number) => dy(i) - beta * dx(i)
  return {
    days: n,
    alpha,
    beta,
    betaError: Math.sqrt(longRun(n, i => dx(i) * rest(i))) / sxx,
    alphaError: Math.sqrt(longRun(n, i => (1 / n - (mx * dx(i)) / sxx) * rest(i))),
    r2: syy > 0 ? 1 - sum(i => rest(i) ** 2) / syy : 0,
  }
}

/** The variance of a sum whose terms may hang together over a few days. */
function longRun(n: number, term: (i: number) => number): number {
  const terms = Array.from({ length: n }, (_, i) => term(i))
  const lags = Math.floor(4 * (n / 100) ** (2 / 9))
  let variance = terms.reduce((sum, value) => sum + value * value, 0)
  for (let lag = 1; lag <= lags; lag++) {
    const weight = 2 * (1 - lag / (lags + 1))
    for (let i = lag; i < n; i++) variance += weight * (terms[i] as number) * (terms[i - lag] as number)
  }
  return Math.max(0, variance)
}
