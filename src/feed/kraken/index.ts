/** `feed/kraken`: live market data from Kraken, and its candles for files. */

export { type KrakenEndpoints, krakenEndpoints } from './client.js'
export { KrakenTime } from './exchange-time.js'
export { KrakenFeed, type KrakenFeedOptions, type RejectedFrame } from './feed.js'
export { type Fetched, type FetchOptions, type FetchProgress, fetchCandles, type OlderPart } from './fetch.js'
export { type FrameRejectReason, frameRejectReasons } from './frame.js'
export { checkLiveBarMs } from './intervals.js'
