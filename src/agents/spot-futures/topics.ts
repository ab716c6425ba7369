/** The topics of a spot and a futures portfolio. */

import { topic } from '../../bus/index.js'
import type { QtyE8, TimeMs, UsdE6 } from '../../core/index.js'
import type { Headline } from '../../market/index.js'
import type { Divergence } from '../../trading/index.js'

export const marginEventKinds = ['funding', 'liquidation', 'deleveraging'] as const

/** What the futures exchange did with a position by itself. */
export interface MarginEvent {
  readonly kind: (typeof marginEventKinds)[number]
  readonly time: TimeMs
  readonly portfolio: string
  readonly pair: string
  readonly qtyE8: QtyE8
  readonly markUsd: number
  /** funding: what was paid, below 0 what was received · liquidation: what was lost of the margin · deleveraging: minus the gain. */
  readonly costE6: UsdE6
  /** liquidation: what the insurance fund received, and what it paid; else 0. */
  readonly toFundE6: UsdE6
  readonly fromFundE6: UsdE6
}
export const MarginEvents = topic<MarginEvent>('margin-events', { fact: true })

/** Headlines as they come, unread. */
export const Headlines = topic<Headline>('headlines')

/** A headline that was read, once for each pair that it is about. */
export interface ReadHeadline extends Headline {
  readonly readAt: TimeMs
  readonly pair: string
  readonly score: number
  readonly scorer: string
}
export const ReadHeadlines = topic<ReadHeadline>('read-headlines', { record: true })

/** A divergence that acts. */
export interface PairDivergence extends Divergence {
  readonly time: TimeMs
  readonly pair: string
}
export const Divergences = topic<PairDivergence>('divergences', { record: true })
