/** How a model and its limit are timed: alternately, after warm-up, medians; and how fast this machine is today. */

/**
 * Milliseconds the calibration loop takes at rest on a machine of the kind the page's figures were measured on (two cores of an
 * EPYC: 6.4 to 6.7 ms, Node 20). The page's own machine was never measured with this loop, so this is a likeness, not a record.
 */
const calibrationReferenceMs = 6.5
/** A limit slower than this many times the published one, scaled, is rejected. */
const mostOverPage = 1.5
const warmUpMs = 1_500
/** Short runs are repeated for at least this long, so that a brief disturbance does not decide their median. */
const leastMs = 600

/** Makes a run ready and gives it. */
type Prepare = (seed: number) => () => unknown

export interface Pair {
  readonly ms: number
  readonly limitMs: number
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] as number
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] as number)) / 2
}

export function timeOf(f: () => unknown): number {
  const started = performance.now()
  f()
  return performance.now() - started
}

/** Median wall time of each, prepared and run in turn at least `repetitions` times with the same seeds. */
export function alternate(model: Prepare, limit: Prepare, repetitions: number): Pair {
  warmUp(model, limit)
  const ms: number[] = []
  const limitMs: number[] = []
  const started = performance.now()
  for (let seed = 1; seed <= repetitions || performance.now() - started < leastMs; seed++) {
    ms.push(timeOf(model(seed)))
    limitMs.push(timeOf(limit(seed)))
  }
  return { ms: median(ms), limitMs: median(limitMs) }
}

/**
 * Warms up until the compiler is done, in turns as in the measurement: the engine discards code that has not run for a few
 * collections.
 */
function warmUp(model: Prepare, limit: Prepare): void {
  const started = performance.now()
  for (let seed = 1; ; seed++) {
    model(seed)()
    limit(seed)()
    const ms = performance.now() - started
    if ((ms >= 2 * warmUpMs && seed >= 30) || (ms >= 6 * warmUpMs && seed >= 3)) return
  }
}

/** How many times slower this machine is now than the reference: integer arithmetic over two megabytes, always the same. */
export function slowness(): number {
  const cells = new Int32Array(1 << 19)
  const loop = () => {
    let x = 1
    for (let i = 0; i < 4_000_000; i++) {
      x = (Math.imul(x, 1664525) + 1013904223) | 0
      const at = x >>> 13
      cells[at] = ((cells[at] as number) + (x & 7)) | 0
    }
    return x
  }
  return median(Array.from({ length: 9 }, () => timeOf(loop))) / calibrationReferenceMs
}

/** Whether a hand-written loop is as fast as the page's, on a machine this slow. */
export function credible(limitMs: number, pageMs: number, slow: number): boolean {
  return limitMs <= mostOverPage * pageMs * Math.max(1, slow)
}

/** Slope of log y on log x by least squares: the exponent of y ~ x^e. */
export function exponent(xs: readonly number[], ys: readonly number[]): number {
  const lx = xs.map(Math.log)
  const ly = ys.map(Math.log)
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length
  const [mx, my] = [mean(lx), mean(ly)]
  const above = lx.reduce((sum, x, i) => sum + (x - mx) * ((ly[i] as number) - my), 0)
  return above / lx.reduce((sum, x) => sum + (x - mx) ** 2, 0)
}
