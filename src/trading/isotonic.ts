/** Isotonic regression: the shares that rise with a score and lie nearest to what was seen, by pooling neighbours that fall (Ayer 1955). */

/** Scores in ascending order, and the share from each on. */
export interface IsotonicMap {
  readonly from: readonly number[]
  readonly share: readonly number[]
}

/** A score, and whether what it speaks of came true. */
export interface ScoredOutcome {
  readonly score: number
  readonly came: boolean
}

interface Block {
  readonly from: number
  n: number
  came: number
}

/**
 * Fits the map; each block is drawn to the share of all by as many outcomes as `prior`, so that few say little. That may turn the order of
 * a small block and its neighbour, so they are pooled once more.
 */
export function fitIsotonic(outcomes: readonly ScoredOutcome[], prior = 0): IsotonicMap {
  const all = outcomes.filter(({ came }) => came).length / Math.max(1, outcomes.length)
  const drawn = pooled(byScore(outcomes)).map(({ from, n, came }) => ({ from, n: n + prior, came: came + prior * all }))
  const blocks = pooled(drawn)
  return { from: blocks.map(b => b.from), share: blocks.map(b => b.came / b.n) }
}

/** A block a score, in ascending order. */
function byScore(outcomes: readonly ScoredOutcome[]): Block[] {
  const blocks: Block[] = []
  for (const { score, came } of [...outcomes].sort((a, b) => a.score - b.score)) {
    const last = blocks[blocks.length - 1]
    if (last?.from === score) {
      last.n++
      last.came += Number(came)
    } else blocks.push({ from: score, n: 1, came: Number(came) })
  }
  return blocks
}

/** Neighbours whose shares do not rise, made one, until all rise. */
function pooled(blocks: readonly Block[]): Block[] {
  const made: Block[] = []
  for (const block of blocks) {
    let last = { ...block }
    for (let before = made.at(-1); before !== undefined && before.came / before.n >= last.came / last.n; before = made.at(-1)) {
      last = { from: before.from, n: before.n + last.n, came: before.came + last.came }
      made.pop()
    }
    made.push(last)
  }
  return made
}

/** The share for a score; that of the lowest block below all, and `unknown` where nothing was seen yet. */
export function isotonicShare({ from, share }: IsotonicMap, score: number, unknown: number): number {
  if (from.length === 0) return unknown
  let low = 0
  let high = from.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((from[middle] as number) <= score) low = middle
    else high = middle
  }
  return share[low] as number
}
