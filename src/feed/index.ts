/** `feed/`: market bytes from outside: candle and moat files, Kraken, the live moat sources. */

export * from './check-files.js'
export * from './file-names.js'
export * from './files.js'
export * from './import-candles.js'
export * from './moat-files.js'
