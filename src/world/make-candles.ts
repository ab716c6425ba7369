/** `mycelia data synth`: writes the synthetic market as files in the layout of downloads: candles as Kraken has them, moats as CSV. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../core/index.js'
import { ohlcvtFileName, writeCandleFile } from '../feed/index.js'
import {
  BarFlag,
  CandleSeries,
  instrument,
  type MarketSource,
  type MoatSignal,
  moatCsvHeader,
  moatCsvLine,
} from '../market/index.js'

/** A candle file that was made, and its rows. */
export interface MadeFiles {
  readonly path: string
  readonly rows: number
}

/** Writes `bars` bars of a market into a new or empty folder: `XBTUSD_60.csv` …, and `moats/<moat>/<stream>.csv`. */
export async function makeCandleFiles(market: MarketSource, bars: number, into: string): Promise<MadeFiles[]> {
  if (existsSync(into) && readdirSync(into).length > 0) {
    throw new OperatorError({ what: `\`out\` ${into}`, expected: 'a new or empty folder', got: 'one with files in it' })
  }
  const series = new Map(market.pairs.map(pair => [pair, new CandleSeries()]))
  const streams = new Map<string, { text: string; rows: number }>()
  for (let i = 0; i < bars; i++) {
    for (const input of market.next()?.inputs ?? []) {
      if (input.kind === 'bar' && (input.bar.flags & BarFlag.filled) === 0) {
        const { pair, time, open, high, low, close, volume } = input.bar
        series.get(pair)?.push(time, open, high, low, close, volume)
      } else if (input.kind === 'signal') addSignal(streams, input.signal)
    }
  }
  const made: MadeFiles[] = []
  for (const [pair, candles] of series) {
    const path = join(into, ohlcvtFileName(instrument(pair), market.barMs))
    await writeCandleFile(path, candles)
    made.push({ path, rows: candles.length })
  }
  return [...made, ...[...streams].map(([name, stream]) => writeStream(into, name, stream))]
}

function addSignal(streams: Map<string, { text: string; rows: number }>, signal: MoatSignal): void {
  const name = `${signal.moat}/${signal.stream}`
  const stream = streams.get(name) ?? { text: moatCsvHeader, rows: 0 }
  stream.text += moatCsvLine(signal)
  stream.rows++
  streams.set(name, stream)
}

function writeStream(into: string, name: string, { text, rows }: { text: string; rows: number }): MadeFiles {
  const path = join(into, 'moats', `${name}.csv`)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return { path, rows }
}
