/** The topics of a spot and a futures portfolio. */

import { topic } from '../../bus/index.js'
import type { QtyE8, TimeMs, UsdE6 } from '../../core/index.js'

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
