/** `trading/`: topics and rows of the swarm, broker, portfolios, risk, metrics, indicators, memory of similar trades. */

// What the rooms beyond this one need of an exchange's demands.
export {
  barsAfter,
  barsWithin,
  demandsSame,
  type InstrumentRules,
  instrumentRules,
  lotAt,
  lotsWithin,
  type PairHours,
  sessionOf,
  type TradingRules,
  tickAt,
  tooSmall,
} from '../exchange/index.js'
export * from './analysis.js'
export * from './buy-and-hold.js'
export * from './collision-chance.js'
export * from './collisions.js'
export * from './control-recorder.js'
export * from './control-words.js'
export * from './controls.js'
export * from './decision.js'
export * from './decision-table.js'
export * from './ended-data.js'
export * from './ended-words.js'
export * from './entry-rule.js'
export * from './explain/index.js'
export * from './feature-moments.js'
export * from './feature-words.js'
export * from './figure-words.js'
export * from './gate/index.js'
export * from './gate-keeper.js'
export * from './hedge.js'
export * from './idea.js'
export * from './indicators.js'
export * from './intervals.js'
export * from './isotonic.js'
export * from './latency/index.js'
export * from './lock-table.js'
export * from './logistic.js'
export * from './market-delivery.js'
export * from './metrics.js'
export * from './news/index.js'
export * from './operator-orders.js'
export * from './order-table.js'
export * from './past-trade.js'
export * from './past-trade-store.js'
export * from './pattern.js'
export * from './performance.js'
export * from './portfolio.js'
export * from './portfolio-account.js'
export { cancelReasons } from './portfolio-orders.js'
export * from './position-status.js'
export * from './principal-plane.js'
export * from './random-entry.js'
export * from './reasons.js'
export * from './regime/index.js'
export * from './repricing.js'
export * from './search-words.js'
export * from './settings.js'
export * from './signal.js'
export * from './switchback.js'
export * from './tables.js'
export * from './thinning.js'
export * from './token-risk.js'
export * from './topics.js'
export * from './trade.js'
export * from './trend.js'
export * from './truth.js'
