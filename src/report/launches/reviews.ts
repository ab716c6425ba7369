/** The review queue of a launch run: each review with what became of it. */

import { RunDirectory, readTable } from '../../storage/index.js'

export interface ListedReview {
  readonly id: string
  /** When it began to wait. */
  readonly time: number
  readonly token: string
  readonly kind: string
  readonly confidence: number | null
  readonly status: string
}

/** Undefined where the run has no such queue. `end`: the last instant of the run. */
export async function readReviews(directory: string): Promise<{ reviews: ListedReview[]; end: number } | undefined> {
  const run = RunDirectory.read(directory)
  const columns = await readTable(run.file('reviews.parquet'), 'all')
  if (columns === undefined) return undefined
  const { time = [] } = (await readTable(run.file('model.parquet'), ['time'])) ?? {}
  const reviews = new Map<string, ListedReview>()
  ;(columns.review_id ?? []).forEach((cell, i) => {
    const id = String(cell)
    const confidence = columns.confidence?.[i]
    const review = {
      id,
      time: Number(columns.time?.[i]),
      token: String(columns.token?.[i]),
      kind: String(columns.kind?.[i]),
      confidence: confidence === null || confidence === undefined ? null : Number(confidence),
      status: String(columns.status?.[i]),
    }
    reviews.set(id, { ...review, time: reviews.get(id)?.time ?? review.time })
  })
  return { reviews: [...reviews.values()], end: Number(time.at(-1) ?? 0) }
}
