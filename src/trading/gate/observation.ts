/** Which closes the statistics of the gate observe. */

import { type Bar, BarFlag } from '../../market/index.js'

/** No trade, or a move that may be an error and is not believed alone. */
const doubtful = BarFlag.filled | BarFlag.outlier

export function isObservation({ close, flags }: Pick<Bar, 'close' | 'flags'>): boolean {
  return close > 0 && (flags & doubtful) === 0
}
