/** A market has a place of its own in its data, so each look at the past needs another: one is kept ready. */

import { BrokenInvariant } from '../../core/index.js'
import type { PreparedMarket } from '../market.js'
import type { RunPlan } from '../run-plan.js'

export class SpareMarkets {
  /** `spare`: one that is at its beginning already. */
  constructor(
    private readonly plan: Pick<RunPlan, 'remakeMarket'>,
    private spare?: PreparedMarket,
  ) {}

  async fill(): Promise<void> {
    this.spare ??= await this.plan.remakeMarket()
  }

  take(): PreparedMarket {
    const { spare } = this
    if (spare === undefined) throw new BrokenInvariant('a market was taken before one was prepared')
    this.spare = undefined
    return spare
  }
}
