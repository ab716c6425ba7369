/** `feed/`: market bytes from outside: candle and moat files, Kraken, the live moat sources. */

export * from './check-files.js'
export { pause, systemClock, type WallClock } from './clock.js'
export { type ExchangeFetchOptions, fetchExchangeCandles } from './exchange/fetch.js'
export * from './file-names.js'
export * from './files.js'
export * from './import-candles.js'
export * from './kraken/index.js'
export * from './limits.js'
export * from './live.js'
export * from './moat-files.js'
export * from './moats/index.js'
export { withinTime } from './within-time.js'
