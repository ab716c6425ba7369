/** What an exchange demands of orders, as the rest of this room imports it. */

export {
  barsAfter,
  barsWithin,
  type InstrumentRules,
  instrumentRules,
  lotAt,
  lotsWithin,
  type PairHours,
  sessionOf,
  tickAt,
  tooSmall,
} from '../exchange/index.js'
