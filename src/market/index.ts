/** `market/`: candles, moat signals, instruments, parsers of candle text, the synthetic market, replay, realism. */

export { guardedBar, guardedRevision } from './bar-guard.js'
export * from './candle.js'
export * from './candle-check.js'
export { type CsvColumn, type CsvRow, readCsv } from './csv-table.js'
export * from './instruments.js'
export * from './limits.js'
export * from './moats-csv.js'
export * from './net/index.js'
export type { Headline } from './news/headline.js'
export { newsMarket } from './news/news-market.js'
export { type NewsMarketOptions, type NewsOptions, newsSchema } from './news/news-options.js'
export { severalObstacles } from './obstacles.js'
export { type OwnInstruments, ownInstrumentsSchema } from './own-instruments.js'
export * from './parse-candles.js'
export * from './parse-decimal.js'
export { type CandleFormat, type CandleSink, Cells, type LocalTime, shapeError } from './parse-row.js'
export * from './parse-time.js'
export { type PlantedCause, type PlantedShock, plantedCauseSchema, plantedShockSchema } from './planted.js'
export * from './planted-markets.js'
export {
  acceptsPrint,
  beginOutage,
  endOutage,
  lastAcceptedPrice,
  missInterval,
  newPrintGuard,
  type PrintGuard,
} from './print-guard.js'
export { type RealismGrid, type RealismRow, type RealismSeries, realismTable } from './realism.js'
export * from './realism-recorder.js'
export { median } from './realism-statistics.js'
export * from './replay.js'
export type { ReplayRange } from './replay-clock.js'
export type { MoatStreams } from './replay-moats.js'
export * from './scenario-market.js'
export * from './series.js'
export { DAYS_A_YEAR, type Session, SessionCalendar, sessionCalendar, sessionSchema } from './session.js'
export * from './source.js'
export { syntheticMarket } from './synthetic.js'
export {
  leadingPairs,
  moatDrivers,
  ownReturnDriver,
  type SyntheticOptions,
  type SyntheticSettings,
  synthetic,
  syntheticSchema,
} from './synthetic-options.js'
export * from './tick-market.js'
export * from './timeframe.js'
export { trendBars } from './trends.js'
export { type VolatilityRegime, volatilityRegimes } from './volatility.js'
