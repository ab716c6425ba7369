/** `lookahead`: whether anything that is decided depends on what comes after it. */

export { checkLookahead, type Lookahead, type LookaheadCheck, type LookaheadRequest } from './check-scenario.js'
export { checkStrategy, type FutureChange, type StrategyLookahead, type StrategyRequest } from './check-strategy.js'
