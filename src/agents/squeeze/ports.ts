/** What a levered trader may ask of its market. */

import type { QtyE8, UsdE6 } from '../../core/index.js'
import type { PerpAccount, PerpPosition, Way } from '../../exchange/index.js'
import type { Model } from '../../model/index.js'
import type { squeezeSchema } from './squeeze-parameters.js'

/** The market of a squeeze, as its traders see it. */
export interface SqueezeWorld extends Model<typeof squeezeSchema> {
  /** The last price, USD. */
  readonly lastUsd: number
  /** @internal */
  accountOf(name: string): PerpAccount
  /** @internal What a position has gained at the mark. */
  gainOf(pair: string, position: PerpPosition): UsdE6
  /** @internal Orders at the market; it fills in the next step. */
  submit(account: string, way: Way, qtyE8: QtyE8, reduces: boolean): void
}
