/** `market/`: candles, moat signals, instruments, parsers of candle text, the synthetic market, replay, realism. */

export * from './candle.js'
export * from './source.js'
