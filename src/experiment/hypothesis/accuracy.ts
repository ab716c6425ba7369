/** How often technical views, mycelial ideas and collisions of both have the direction right, pair by pair at the ideas' own horizons. */

import { barAt, type CollidingIdea, type Opens } from '../../trading/index.js'

/** An idea as far as its accuracy is concerned. */
export interface SaidIdea extends CollidingIdea {
  readonly id: string
  readonly horizonBars: number
}

/** How many had the direction right, and how many there were. */
export interface Hits {
  right: number
  of: number
}

/** One pair and one horizon of mycelial ideas, bars. */
export interface AccuracyRow {
  readonly pair: string
  readonly horizonBars: number
  /** Every standing technical view of the pair, judged over this horizon. */
  readonly views: Hits
  readonly ideas: Hits
  /** Ideas that collided. */
  readonly collisions: Hits
}

/** Prices that did not move, and horizons that end after the data, say nothing. `collided`: ids of the ideas that collided. */
export function accuracyOf(
  ideas: readonly SaidIdea[],
  opens: ReadonlyMap<string, Opens>,
  collided: ReadonlySet<string>,
): AccuracyRow[] {
  const rows = new Map<string, AccuracyRow[]>()
  for (const idea of ideas) {
    const bars = opens.get(idea.pair)
    if (idea.source !== 'mycelial' || bars === undefined) continue
    const move = moveAfter(bars, idea.decidedAt, idea.horizonBars)
    const row = rowOf(rows, idea)
    note(row.ideas, idea.direction, move)
    if (collided.has(idea.id)) note(row.collisions, idea.direction, move)
  }
  for (const view of ideas) {
    const bars = opens.get(view.pair)
    if (view.source !== 'baseline' || bars === undefined) continue
    for (const row of rows.get(view.pair) ?? []) note(row.views, view.direction, moveAfter(bars, view.decidedAt, row.horizonBars))
  }
  return [...rows.values()].flat()
}

/** From the first open at or after the decision over so many of the pair's bars; 0 where the data ends before. */
function moveAfter({ time, open }: Opens, decidedAt: number, bars: number): number {
  const from = barAt({ time, open }, decidedAt)
  if ((time[from] as number) < decidedAt) return 0
  return (open[from + bars] ?? (open[from] as number)) - (open[from] as number)
}

function note(hits: Hits, direction: number, move: number): void {
  if (move === 0) return
  hits.of++
  if (direction * move > 0) hits.right++
}

function rowOf(rows: Map<string, AccuracyRow[]>, { pair, horizonBars }: SaidIdea): AccuracyRow {
  let ofPair = rows.get(pair)
  if (ofPair === undefined) {
    ofPair = []
    rows.set(pair, ofPair)
  }
  const known = ofPair.find(row => row.horizonBars === horizonBars)
  if (known !== undefined) return known
  const none = () => ({ right: 0, of: 0 })
  const row = { pair, horizonBars, views: none(), ideas: none(), collisions: none() }
  ofPair.push(row)
  return row
}
