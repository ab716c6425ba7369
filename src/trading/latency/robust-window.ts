/** The last values of a series with their median and median absolute deviation, as plain data. */

export interface RobustWindow {
  readonly size: number
  /** In order of arrival from `at` on, once full. */
  readonly values: number[]
  at: number
  /** The same values in ascending order. */
  readonly sorted: number[]
}

export function newRobustWindow(size: number): RobustWindow {
  return { size, values: [], at: 0, sorted: [] }
}

/** Adds a value; the oldest of a full window goes. */
export function addToWindow(window: RobustWindow, x: number): void {
  const { values, sorted, size } = window
  if (values.length < size) values.push(x)
  else {
    sorted.splice(placeOf(sorted, values[window.at] as number), 1)
    values[window.at] = x
    window.at = (window.at + 1) % size
  }
  sorted.splice(placeOf(sorted, x), 0, x)
}

/** The first place whose value is at least x. */
function placeOf(sorted: readonly number[], x: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < x) low = middle + 1
    else high = middle
  }
  return low
}

export function medianOf({ sorted }: Pick<RobustWindow, 'sorted'>): number {
  return middleOf(sorted)
}

/** The middle of an ascending list; NaN of an empty one. */
export function middleOf(sorted: ArrayLike<number>): number {
  const half = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[half] as number
  return sorted.length === 0 ? Number.NaN : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}

/** Median of |x − median|: two runs outwards from the median, merged until the middle is reached. */
export function deviationOf({ sorted }: Pick<RobustWindow, 'sorted'>): number {
  const n = sorted.length
  const median = middleOf(sorted)
  let below = placeOf(sorted, median) - 1
  let above = below + 1
  const half = n >> 1
  let last = 0
  let before = 0
  for (let taken = 0; taken <= half && taken < n; taken++) {
    const down = below < 0 ? Number.POSITIVE_INFINITY : median - (sorted[below] as number)
    const up = above >= n ? Number.POSITIVE_INFINITY : (sorted[above] as number) - median
    before = last
    if (down < up) below--
    else above++
    last = Math.min(down, up)
  }
  return n % 2 === 1 ? last : (before + last) / 2
}
