/** `trading/`: topics and rows of the swarm, broker, books, risk, metrics, indicators, memory of similar trades. */

export * from './idea.js'
export * from './pattern.js'
export * from './topics.js'
export * from './trade.js'
