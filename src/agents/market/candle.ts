/** A candle that is being made of trades, in ticks and lots. */

export interface OpenCandle {
  open: number
  high: number
  low: number
  close: number
  lots: number
}

/** A candle of a market that has not traded. */
export function newCandle(): OpenCandle {
  return { open: 0, high: 0, low: 0, close: 0, lots: 0 }
}

/** Adds a trade. */
export function addTrade(candle: OpenCandle, tick: number, lots: number): void {
  if (candle.lots === 0) candle.open = candle.high = candle.low = tick
  else if (tick > candle.high) candle.high = tick
  else if (tick < candle.low) candle.low = tick
  candle.close = tick
  candle.lots += lots
}

/** Begins the next candle where this one ended. */
export function beginCandle(candle: OpenCandle): void {
  candle.open = candle.high = candle.low = candle.close
  candle.lots = 0
}
