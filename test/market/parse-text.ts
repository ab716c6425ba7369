/** A whole candle text read at once, as the parser's tests want it. */
import { type CandleFormat, CandleReader, CandleSeries, countReject, type RejectCounts } from '../../src/market/index.js'

/** Rows that became candles, and how many did not, by reason. */
export interface ParsedCandles {
  readonly format: CandleFormat
  readonly series: CandleSeries
  readonly rejected: RejectCounts
}

/** Reads one whole text; `file` names it in errors. Throws an `OperatorError` where the text has the wrong shape. */
export function parseCandles(text: string, file = 'candles'): ParsedCandles {
  const series = new CandleSeries()
  const rejected: RejectCounts = {}
  const reader = new CandleReader(file, {
    candle: (time, open, high, low, close, volume, trades) => series.push(time, open, high, low, close, volume, trades),
    reject: reason => countReject(rejected, reason),
  })
  reader.push(text)
  reader.end()
  return { format: reader.format ?? 'csv', series: series.trim(), rejected }
}
