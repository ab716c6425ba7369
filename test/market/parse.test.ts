/** Candle text in every known format becomes the same candles; what is no candle is refused by name (I2, I7). */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import {
  type Candle,
  CandleReader,
  CandleSeries,
  checkCandleNumbers,
  checkNumber,
  formatTime,
  moatCsvHeader,
  moatCsvLine,
  ohlcvtLine,
  parseDecimal,
  parseMoatCsv,
  parseTime,
  rejectReasons,
  sumRejects,
} from '../../src/market/index.js'
import { parseCandles } from './parse-text.js'

fc.configureGlobal({ seed: 20_260_101 })

const HOUR = 3_600_000
const START = 1_600_000_200_000 - (1_600_000_200_000 % HOUR)

const kraken = '1600000000,10,12,9,11,5.5,3\n1600003600,11,11,10,10,0,0\n'
const rows = [
  { time: 1_600_000_000_000, open: 10, high: 12, low: 9, close: 11, volume: 5.5, trades: 3 },
  { time: 1_600_003_600_000, open: 11, high: 11, low: 10, close: 10, volume: 0, trades: 0 },
]
const withoutTrades = rows.map(({ trades: _, ...row }) => row)
const csv = 'time,open,high,low,close,volume\n1600000000,10,12,9,11,5.5\n1600003600,11,11,10,10,0\n'
const json = '[[1600000000000,10,12,9,11,5.5],[1600003600000,11,11,10,10,0]]'

function candles(text: string): Candle[] {
  const { series } = parseCandles(text, 'test.csv')
  return Array.from({ length: series.length }, (_, i) => series.at(i))
}

function failure(text: string): OperatorError {
  try {
    parseCandles(text, 'x.csv')
  } catch (error) {
    if (error instanceof OperatorError) return error
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

describe('formats', () => {
  it("reads Kraken's OHLCVT without a header", () => {
    expect(parseCandles(kraken).format).toBe('kraken')
    expect(candles(kraken)).toEqual(rows)
  })

  it('reads freqtrade JSON, on one line or many', () => {
    expect(parseCandles(json).format).toBe('freqtrade')
    expect(candles(json)).toEqual(withoutTrades)
    expect(candles(` \n${json.replaceAll(',', ' ,\n ')}\n`)).toEqual(withoutTrades)
  })

  it('reads CSV by its header: other names, other order, extra and repeated columns, quotes', () => {
    expect(candles(csv)).toEqual(withoutTrades)
    const other =
      'Close,"Volume",x,Open Time,High,Low,Open,Number of trades,open_time\n' +
      '11,5.5,"a, b",1600000000000,12,9,10,3,\n10,0,,1600003600000,11,10,11,0,\n'
    expect(candles(other)).toEqual(rows)
  })

  it('reads times in seconds, milliseconds, microseconds and ISO with an offset', () => {
    const same = ['1600000000', '1600000000.0', '1600000000000', '1600000000000000', '2020-09-13 15:26:40+03:00']
    const iso = ['2020-09-13T12:26:40Z', '2020-09-13 12:26:40', '2020-09-13 07:56:40.000-0430', '2020-09-13T12:26:40+00']
    for (const text of [...same, ...iso]) expect(parseTime(text), text).toBe(1_600_000_000_000)
    for (const text of ['2020-02-30', '2020-13-01', '2020-01-01 25:00', '2020-1-1', 'soon', '', '-5', '1e30'])
      expect(parseTime(text), text).toBeNaN()
  })

  it('I7: reads a byte order mark, CRLF, one row, and a last line without an end', () => {
    for (const text of [kraken, csv]) {
      const want = candles(text)
      expect(candles(`\uFEFF${text}`)).toEqual(want)
      expect(candles(text.replaceAll('\n', '\r\n'))).toEqual(want)
      expect(candles(text.trimEnd())).toEqual(want)
    }
    expect(candles(`\uFEFF${json}`)).toEqual(withoutTrades)
    expect(candles('1600000000,10,12,9,11,5.5,3')).toHaveLength(1)
    expect(candles('[[1600000000000,10,12,9,11,5.5]]')).toHaveLength(1)
  })

  it('gives the same candles however the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(kraken, csv, json, `\uFEFF${csv}`), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const series = new CandleSeries()
        const reader = new CandleReader('cut', { candle: (...c) => series.push(...c), reject: () => expect.unreachable() })
        for (let i = 0; i < text.length; i += size) reader.push(text.slice(i, i + size))
        reader.end()
        expect(Array.from({ length: series.length }, (_, i) => series.at(i))).toEqual(candles(text))
      }),
    )
  })
})

const price = fc.double({ min: 1e-6, max: 1e8, noNaN: true })
const candle = fc
  .tuple(price, price, price, price, fc.double({ min: 0, max: 1e15, noNaN: true }), fc.option(fc.nat(), { nil: undefined }))
  .map(([a, b, c, d, volume, trades]) => {
    const [low, open, close, high] = [a, b, c, d].sort((x, y) => x - y) as [number, number, number, number]
    return { open, high, low, close, volume: volume + 0, ...(trades === undefined ? {} : { trades }) }
  })
const series = fc
  .array(candle, { minLength: 1, maxLength: 30 })
  .map(list => list.map((c, i): Candle => ({ time: START + i * HOUR, ...c })))

describe('round trips', () => {
  it('OHLCVT text holds exactly the candles it was written from', () => {
    fc.assert(
      fc.property(series, list => {
        const columns = CandleSeries.of(list)
        const text = list.map((_, i) => ohlcvtLine(columns, i)).join('')
        expect(candles(text)).toEqual(list)
      }),
    )
  })

  it('JSON text holds exactly the candles it was written from', () => {
    fc.assert(
      fc.property(series, list => {
        const text = JSON.stringify(list.map(c => [c.time, c.open, c.high, c.low, c.close, c.volume]))
        expect(candles(text)).toEqual(list.map(({ trades: _, ...c }) => c))
      }),
    )
  })

  it('reads any decimal exactly as JavaScript does', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.integer(), fc.nat(), fc.nat({ max: 25 })).map(([a, b, zeros]) => `${a}.${'0'.repeat(zeros % 8)}${b}`),
    )
    fc.assert(
      fc.property(number, text => {
        expect(parseDecimal(`x${text}y`, 1, text.length + 1)).toBe(Number(text) + 0)
      }),
    )
  })

  it('writes times that it reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), ms => {
        expect(parseTime(formatTime(ms))).toBe(ms)
      }),
    )
    expect(formatTime(1_665_482_400_000)).toBe('2022-10-11T10:00:00Z')
    expect(formatTime(1_582_934_400_123)).toBe('2020-02-29T00:00:00.123Z')
  })
})

const hostile: Record<string, string> = {
  NaN: 'nan',
  Infinity: 'infinite',
  '-Infinity': 'infinite',
  inf: 'infinite',
  '1e999': 'infinite',
  '-10': 'price-not-positive',
  '0': 'price-not-positive',
  '': 'empty',
  '""': 'empty',
  null: 'null',
  '"10"': 'text',
  '0x10': 'text',
  abc: 'text',
  '0.1234567890123456789012345678901234567890': 'too-many-digits',
  '1234567890123456789012345678901234567890': 'too-many-digits',
  '1e10': 'price-too-large',
}

describe('I2: impossible values', () => {
  const good = [10, 12, 9, 11]

  it.each(Object.entries(hostile))('refuses a price of %j as %s, and only that row', (value, reason) => {
    for (const column of [0, 1, 2, 3]) {
      const cells = good.map((v, i) => (i === column ? value : String(v)))
      const json = parseCandles(`[[1600000000000,10,12,9,11,1],[1600003600000,${cells},1],[1600007200000,10,12,9,11,1]]`)
      expect(json.rejected).toEqual({ [reason]: 1 })
      expect(json.series.length).toBe(2)
      if (value === '"10"') continue // in CSV a quoted number is a number
      const text = parseCandles(`${kraken}1600007200,${cells},1,1\n1600010800,10,12,9,11,1,1\n`)
      expect(text.rejected).toEqual({ [reason]: 1 })
      expect(text.series.length).toBe(3)
    }
  })

  it.each([
    ['10,8,9,9.5,1', 'high-below-low'],
    ['10,12,9,13,1', 'close-outside-range'],
    ['10,12,9,8,1', 'close-outside-range'],
    ['13,12,9,11,1', 'open-outside-range'],
    ['10,12,9,11,-1', 'negative-volume'],
    ['10,12,9,11,1e19', 'volume-too-large'],
    ['10,12,9,11,NaN', 'nan'],
    ['10,12,9,11,', 'empty'],
  ])('refuses %s as %s', (cells, reason) => {
    expect(parseCandles(`${csv}1600007200,${cells}\n`).rejected).toEqual({ [reason]: 1 })
    expect(parseCandles(`[[1600000000000,10,12,9,11,1],[1600007200000,${cells}]]`).rejected).toEqual({ [reason]: 1 })
  })

  it('refuses a time that is none, and a number of trades that is none', () => {
    for (const time of ['soon', '-1', '2020-99-99', '9e15'])
      expect(sumRejects(parseCandles(`${csv}${time},10,12,9,11,1\n`).rejected), time).toBe(1)
    expect(parseCandles(`${kraken}1600007200,10,12,9,11,1,-3\n`).rejected).toEqual({ 'bad-trades': 1 })
    expect(parseCandles(`${kraken}1600007200,10,12,9,11,1,\n`).series.length).toBe(3)
  })

  it('counts every row once: accepted and refused add up to all', () => {
    const cell = fc.constantFrom(...Object.keys(hostile).filter(k => k !== '""'), '10', '10', '10', '11', '9')
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { minLength: 1 }), list => {
        const text = list.map((cells, i) => `${START + i * HOUR},${cells.join(',')},1\n`).join('')
        const { series, rejected } = parseCandles(text)
        expect(series.length + sumRejects(rejected)).toBe(list.length)
        for (let i = 0; i < series.length; i++) {
          const { time, open, high, low, close, volume, trades = Number.NaN } = series.at(i)
          expect(checkCandleNumbers(time, open, high, low, close, volume, trades)).toBeUndefined()
        }
      }),
    )
  })

  it('holds the same rules for values that never were text', () => {
    const candle = (time: number, close: number, trades = Number.NaN) => checkCandleNumbers(time, 10, 12, 9, close, 1, trades)
    expect(candle(START, 11)).toBeUndefined()
    expect(candle(START, 11, 3)).toBeUndefined()
    const values: [unknown, string][] = [
      [Number.NaN, 'nan'],
      [Number.POSITIVE_INFINITY, 'infinite'],
      [null, 'null'],
      [undefined, 'null'],
      ['', 'empty'],
      ['10', 'text'],
      [{}, 'text'],
      [true, 'text'],
      [JSON.parse('1e999'), 'infinite'],
    ]
    for (const [value, reason] of values) {
      expect(checkNumber(value)).toBe(reason)
      expect(rejectReasons).toContain(reason)
    }
    expect(candle(START, Number('1'.repeat(40)))).toBe('price-too-large')
    expect(candle(-1, 11)).toBe('bad-time')
    expect(candle(START, 11, -1)).toBe('bad-trades')
  })
})

describe('I7: wrong shapes name file, line and column', () => {
  it.each([
    ['missing column (headerless)', '1600000000,10,12,9,11,5.5\n', 'x.csv:1:1: expected time,open,high,low,close,volume,trades'],
    ['missing column (header)', 'time,open,high,low,close\n', 'x.csv:1:1: expected a column "volume"'],
    ['misspelt column', 'time,open,hihg,low,close,volume\n', 'Is "hihg" meant?'],
    ['ragged row, short', `${kraken}1600007200,10,12\n`, 'x.csv:3:17: expected 7 columns, as in the first line, got "3"'],
    ['ragged row, long', `${kraken}1600007200,1,1,1,1,1,1,1\n`, 'x.csv:3:24: expected 7 columns'],
    ['ragged row under a header', `${csv}1600007200,1\r\n`, 'x.csv:4:13: expected 6 columns'],
    ['0 rows', '', 'x.csv:1:1: expected at least one row'],
    ['0 rows, only blank', '\n \n', 'x.csv:1:1: expected at least one row'],
    ['0 rows under a header', 'time,open,high,low,close,volume\n', 'x.csv:2:1: expected at least one row'],
    ['unsorted', `${kraken}1599996400,10,12,9,11,1,1\n`, 'x.csv:3:1: expected times that increase'],
    ['duplicate time', `${kraken}1600003600,10,12,9,11,1,1\n`, 'Remove the duplicate row.'],
    ['semicolons', 'time;open;high;low;close;volume\n', 'x.csv:1:5: expected columns separated by commas, got ";"'],
    ['tabs, headerless', kraken.replaceAll(',', '\t'), 'x.csv:1:11: expected columns separated by commas'],
    ['JSON row too short', '[[1600000000000,10,12,9,11]]', 'x.csv:1:2: expected rows of 6'],
    ['JSON row too long', '[\n[1600000000000,10,12,9,11,1,1]]', 'x.csv:2:1: expected rows of 6'],
    ['JSON of another kind', '{"error":[]}', 'x.csv:1:1: expected "[" (a list of rows), got "{"'],
    ['JSON nested', '[[1,[2],3,4,5,6]]', 'x.csv:1:5: expected numbers in a row'],
    ['JSON without rows', '[]', 'at least one row'],
    ['JSON cut off', json.slice(0, -8), 'Is the file cut off?'],
    ['JSON cut off after a row', json.slice(0, -1), 'Is the file cut off?'],
    [
      'JSON unsorted',
      '[[1600003600000,1,1,1,1,1],\n [1600007200000,1,1,1,1,1],\n [1600000000000,1,1,1,1,1]]',
      'x.csv:3:3: expected times that increase',
    ],
    [
      'newest first, and then not',
      '[[1600007200000,1,1,1,1,1],[1600003600000,1,1,1,1,1],[1600010800000,1,1,1,1,1]]',
      'times that decrease',
    ],
    [
      'local time that repeats an hour',
      'date,open,high,low,close,volume\n2023-10-29 02:00:00,1,1,1,1,1\n2023-10-29 02:00:00,1,1,1,1,1\n',
      'give `timezone`',
    ],
    ['several missing columns at once', 'time,open,volume\n', 'columns "high", "low", "close" in the header'],
    ['JSON with more after it', `${json} x`, 'nothing after the list'],
    ['a line without end', 'x'.repeat(100_000), 'lines of at most'],
  ])('%s', (_, text, sentence) => {
    expect(failure(text).message).toContain(sentence)
  })

  it('says the same wherever the text is cut', () => {
    const broken = ['[\n[1600000000000,10,12,9,11,1],\n[1600000000000,10,12,9,11,1]]', `${csv}1600007200,1\n`]
    for (const text of broken) {
      const whole = failure(text).message
      for (let size = 1; size < 20; size++) {
        const reader = new CandleReader('x.csv', { candle: () => undefined, reject: () => undefined })
        const read = () => {
          for (let i = 0; i < text.length; i += size) reader.push(text.slice(i, i + size))
          reader.end()
        }
        expect(read).toThrow(whole)
      }
    }
  })

  it('never fails otherwise, whatever the text', () => {
    const piece = fc.constantFrom(
      '1600000000',
      ',',
      '\n',
      '[',
      ']',
      '"',
      '1',
      '.',
      'e',
      'NaN',
      'time,open',
      '\r',
      '\uFEFF',
      '{',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        try {
          parseCandles(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(OperatorError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('moat streams', () => {
  const text = 'time,stream,value\n2020-01-01T00:00:00Z,Go,1.5\n1577923200,Rust,-2\n1577926800000,,3\n1577930400,Go,NaN\n'

  it('reads time, stream and value; an empty stream is the file’s; what is no number is counted', () => {
    const { series, rejected, rows } = parseMoatCsv(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'Go.csv', 'code', 'Go')
    expect(series).toEqual([
      { moat: 'code', stream: 'Go', time: [1_577_836_800_000, 1_577_926_800_000], value: [1.5, 3] },
      { moat: 'code', stream: 'Rust', time: [1_577_923_200_000], value: [-2] },
    ])
    expect(rejected).toEqual({ nan: 1 })
    expect(rows).toBe(4)
  })

  it('reads back what a live run records', () => {
    const signal = { moat: 'code', stream: 'Go', time: START + 7, value: -0.1, placebo: false } as const
    const { series } = parseMoatCsv(moatCsvHeader + moatCsvLine(signal), 'Go.csv', 'code', 'Go')
    expect(series).toEqual([{ moat: 'code', stream: 'Go', time: [START + 7], value: [-0.1] }])
  })

  it.each([
    ['header', 'time,value\n1,2\n', 'Go.csv:1:1'],
    ['other header', 'time,name,value\n1,Go,2\n', 'Go.csv:1:6'],
    ['ragged', 'time,stream,value\n1,Go\n', 'Go.csv:2:1'],
    ['unsorted', 'time,stream,value\n2,Go,1\n1,Go,1\n', 'Go.csv:3:1'],
    ['no rows', 'time,stream,value\n', 'at least one row'],
  ])('refuses a wrong shape: %s', (_, broken, sentence) => {
    expect(() => parseMoatCsv(broken, 'Go.csv', 'code', 'Go')).toThrow(sentence)
  })
})
