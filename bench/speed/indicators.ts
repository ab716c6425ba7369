/** Candles a second through RSI, MACD, Bollinger bands and ATR together. */

import { atrNext, atrState, bollingerNext, bollingerState, macdNext, macdState, rsiNext, rsiState } from 'mycelia/market'
import { Rng, rootOf } from '../../src/core/index.js'
import { median, timeOf } from './measure.js'

const candles = 500_000

export function candlesPerSecond(): number {
  const closes = walk()
  const pass = () => {
    const [rsi, macd, bands, atr] = [rsiState(), macdState(), bollingerState(), atrState()]
    let sum = 0
    for (let i = 0; i < candles; i++) {
      const close = closes[i] as number
      sum += (rsiNext(rsi, close) ?? 0) + (macdNext(macd, close) ?? 0) + (bollingerNext(bands, close) ?? 0)
      sum += atrNext(atr, close * 1.01, close * 0.99, close) ?? 0
    }
    return sum
  }
  pass()
  return (candles * 1_000) / median(Array.from({ length: 9 }, () => timeOf(pass)))
}

function walk(): Float64Array {
  const rng = Rng.derive(rootOf(1), 1, 1)
  let price = 100
  return Float64Array.from({ length: candles }, () => {
    price *= Math.exp(rng.normal(0, 0.01))
    return price
  })
}
