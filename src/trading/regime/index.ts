/** `trading/regime/`: in which regime a market is. */

export * from './detector.js'
export * from './hmm.js'
