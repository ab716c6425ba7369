/** Files as other people have them: monthly names, zips, newest first, local time, thousands separators, formats that are not read. */

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkNotes } from '../../src/cli/verbs/data-check-text.js'
import { OperatorError } from '../../src/core/index.js'
import { checkData, checkFile, importCandles, loadCandles, loadingNotes, readCandleFileName } from '../../src/feed/index.js'
import { type CandleSeries, formatTime, InstrumentTable, replayMarket, type SessionCalendar } from '../../src/market/index.js'
import { zipped } from './zipped.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mycelia people-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, contents: string | Buffer): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, contents)
  return path
}

const hour = 3_600_000
const start = Date.UTC(2024, 11, 31, 20)

function rows(from: number, n: number, unit = 1): string {
  return Array.from({ length: n }, (_, i) => `${(from + i * hour) * unit},${10 + i},${20 + i},5,${15 + i},1,0,0,3,0,0,0\n`).join(
    '',
  )
}

function times(series: CandleSeries | undefined): string[] {
  return Array.from(series?.time.subarray(0, series.length) ?? [], formatTime)
}

function load(more: Partial<Parameters<typeof loadCandles>[0]> = {}) {
  return loadCandles({ path: folder, timeframe: '1h', ...more })
}

async function refusal(loading: Promise<unknown>): Promise<string> {
  const error: unknown = await loading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(OperatorError)
  return (error as OperatorError).message
}

describe('names', () => {
  it.each([
    ['BTCUSDT-1h-2024-12.csv', 'XXBTZUSD', hour],
    ['BTCUSDT-1d-2024-12-31.csv', 'XXBTZUSD', 24 * hour],
    ['Binance_ETHUSDT_d.csv', 'XETHZUSD', 24 * hour],
    ['Kraken_SOLUSD_minute.csv', 'SOLUSD', 60_000],
    ['Binance_BTCUSDT_2023_minute.csv', 'XXBTZUSD', 60_000],
    ['Binance_BTCUSDT_2023_1min.csv', 'XXBTZUSD', 60_000],
    ['Bitstamp_ETHUSD_15min.csv', 'XETHZUSD', 15 * 60_000],
    ['coinbase_BTC-USD_1h.csv.gz', 'XXBTZUSD', hour],
  ])('%s is read', (name, pair, barMs) => {
    expect(readCandleFileName(name)).toMatchObject({ pair, barMs })
  })
})

it('months are not minutes', async () => {
  const months = write('BTCUSDT-1M-2024-12.csv', rows(start, 2))
  write('BTCUSDT-1h.csv', rows(start, 2))
  expect(readCandleFileName('BTC_USDT-1M.json')).toBeUndefined()
  expect(readCandleFileName('BTC_USDT-1m.json')?.barMs).toBe(60_000)
  expect((await load()).unread).toEqual([{ path: months, why: 'its bars are months, and a run has none of months' }])
})

describe('parts of one pair', () => {
  it('monthly files are joined, milliseconds and microseconds alike', async () => {
    write('BTCUSDT-1h-2024-12.csv', rows(start, 4))
    write('BTCUSDT-1h-2025-01.csv', rows(start + 4 * hour, 3, 1_000))
    const { series, files } = await load()
    expect(times(series.get('XXBTZUSD'))).toEqual(Array.from({ length: 7 }, (_, i) => formatTime(start + i * hour)))
    expect(files.map(file => file.bars)).toEqual([4, 3])
  })

  it('keep all times at which they differ, as ranges', async () => {
    write('a/BTCUSDT-1h.csv', rows(start, 9))
    const other = rows(start, 8)
      .split('\n')
      .map((row, i) => ([1, 2, 5, 7].includes(i) ? row.replace(',5,', ',4,') : row))
    write('b/BTCUSDT-1h.csv', other.join('\n'))
    const at = (i: number) => formatTime(start + i * hour)
    const differingRanges = [
      [1, 2],
      [5, 5],
      [7, 7],
    ].map(([from = 0, to = 0]) => ({ from: at(from), to: at(to) }))
    expect((await load()).files[1]).toMatchObject({ differing: 4, firstDiffering: [1, 2, 5].map(at), differingRanges })
  })

  it('of Kraken and of another exchange are one pair in euros, too', async () => {
    write('XBTEUR_60.csv', `${start / 1000},10,20,5,15,1,3\n`)
    write('BTCEUR-1h.csv', rows(start, 3))
    const { series, files } = await load()
    expect([...series].map(([pair, { length }]) => [pair, length])).toEqual([['BTCEUR', 3]])
    expect(files.map(({ rows }) => rows)).toEqual([3, 1])
  })

  it('parts that overlap and agree differ nowhere', async () => {
    write('a/BTCUSDT-1h.csv', rows(start, 6))
    write('b/BTCUSDT-1h.csv', rows(start, 3))
    expect((await load()).files).toMatchObject([
      { bars: 6, differing: 0 },
      { bars: 0, differing: 0 },
    ])
  })

  it('one difference in any price or in a known volume is named', async () => {
    const [open, high, low, close] = [10, 20, 5, 15]
    const line = (o: number, h: number, l: number, c: number, v: number) => `${start},${o},${h},${l},${c},${v},0,0,3,0,0,0\n`
    write('a/BTCUSDT-1h.csv', line(open, high, low, close, 1) + rows(start + hour, 1))
    const differing = async (other: string) => {
      write('b/BTCUSDT-1h.csv', other)
      return (await load()).files[1]?.differing
    }
    expect(await differing(line(open, high, low, close, 2))).toBe(1)
    expect(await differing(line(open, high, low, close, 0))).toBe(0)
    expect(await differing(line(open + 1, high, low, close, 1))).toBe(1)
    expect(await differing(line(open, high + 1, low, close, 1))).toBe(1)
    expect(await differing(line(open, high, low - 1, close, 1))).toBe(1)
    expect(await differing(line(open, high, low, close + 1, 1))).toBe(1)
  })
})

describe('a row of volume 0', () => {
  const silent = (from: number, n: number) => rows(from, n).replaceAll(',1,0,0,3,', ',0,0,0,0,')
  const played = async (more: Partial<Parameters<typeof loadCandles>[0]> = {}) => {
    const { series } = await load(more)
    const market = replayMarket({ series, barMs: hour, seed: 1 })
    const flags: number[] = []
    for (let tick = market.next(); tick !== undefined; tick = market.next())
      for (const input of tick.inputs) if (input.kind === 'bar') flags.push(input.bar.flags)
    return flags
  }

  it('is a bar where its file knows no volumes, also joined with a file that knows them', async () => {
    write('BTCUSDT-1h-2024-12.csv', silent(start, 4))
    write('BTCUSDT-1h-2025-01.csv', rows(start + 4 * hour, 3))
    expect(await played()).toEqual([0, 0, 0, 0, 0, 0, 0])
    const said = loadingNotes(await load(), new InstrumentTable())
    expect(said).toContain('XXBTZUSD: 4 bars are from files without volumes, so theirs are unknown.')
  })

  it('is an interval without trades where its file has volumes, also where only such rows are in the range', async () => {
    write('BTCUSDT-1h.csv', rows(start, 2) + silent(start + 2 * hour, 3) + rows(start + 5 * hour, 2))
    expect(await played()).toEqual([0, 0, 0, 0])
    const within = { from: start + 2 * hour, to: start + 4 * hour }
    expect(await refusal(load(within))).toContain('expected candles from')
    expect((await load()).files).toMatchObject([{ rows: 7, silent: 3, bars: 4 }])
  })
})

describe('zip archives', () => {
  it('are read as they are, alone and in a folder, and damaged ones are named', async () => {
    const path = write('down/BTCUSDT-1h-2024-12.zip', zipped({ 'BTCUSDT-1h-2024-12.csv': rows(start, 4) }))
    expect(times((await load({ path })).series.get('XXBTZUSD'))).toHaveLength(4)
    write(
      'Kraken_OHLCVT.zip',
      zipped({ 'in/XBTUSD_60.csv': `${start / 1000},1,1,1,1,1,1\n`, '__MACOSX/._x.csv': 'junk', 'in/.h.csv': 'junk' }),
    )
    const { files, unread } = await load()
    expect(files.map(file => file.path)).toEqual([
      `${folder}/Kraken_OHLCVT.zip/in/XBTUSD_60.csv`,
      `${path}/BTCUSDT-1h-2024-12.csv`,
    ])
    expect(unread).toEqual([])
    expect((await checkData(path)).files).toMatchObject([{ pair: 'XXBTZUSD', rows: 4, problem: undefined }])
    const broken = write('broken/x.zip', 'not a zip')
    expect(await refusal(load({ path: broken }))).toContain('a damaged archive')
  })
})

describe('layouts', () => {
  const header = 'https://www.example.org\nUnix,Date,Symbol,Open,High,Low,Close,Volume USDT,Volume BTC,tradecount\n'
  const line = (i: number) => `${start + i * hour},2020-01-01 00:00:00,BTC/USDT,10,20,5,${15 + i},999,${1 + i},7\n`

  it('an address before the header, the volume named by its asset, and the newest row first are read', async () => {
    write('BTCUSDT_1h.csv', header + [3, 2, 1, 0].map(line).join(''))
    const series = (await load()).series.get('XXBTZUSD')
    expect(times(series)).toEqual([0, 1, 2, 3].map(i => formatTime(start + i * hour)))
    expect(series?.at(3)).toEqual({ time: start + 3 * hour, open: 10, high: 20, low: 5, close: 18, volume: 4, trades: 7 })
    expect(await checkFile(join(folder, 'BTCUSDT_1h.csv'))).toMatchObject({
      timeframe: '1h',
      gaps: 0,
      from: formatTime(start),
      to: formatTime(start + 3 * hour),
    })
  })

  it('weekly rows of a share in local time run, over a change of clocks', async () => {
    const instruments = new InstrumentTable({ AAPL: { session: 'NYSE' } })
    const week = (monday: string) => `${monday} 00:00:00,10,20,5,15,7\n`
    write('AAPL-1w.csv', `Date,Open,High,Low,Close,Volume\n${['2024-03-04', '2024-03-11', '2024-03-18'].map(week).join('')}`)
    const { series, rejected } = await load({ timeframe: '1w', instruments })
    expect(rejected).toEqual({})
    const calendars = new Map([['AAPL', instruments.calendar('AAPL') as SessionCalendar]])
    const { ticks } = replayMarket({ series, barMs: 7 * 24 * hour, calendars, seed: 1 }).describe()
    expect(ticks).toBe(3)
  })

  it('Binance’s twelve columns have its name', async () => {
    expect((await checkFile(write('BTCUSDT-1h.csv', rows(start, 2)))).format).toBe('binance')
    expect((await checkFile(write('XBTUSD_60.csv', `${start / 1000},1,1,1,1,1,1\n`))).format).toBe('kraken')
  })

  it('Coinbase’s own order of columns is read by its header', async () => {
    write('BTC-USD_1h.csv', `start,low,high,open,close,volume\n${start / 1000},5,20,10,15,2\n`)
    expect((await load()).series.get('XXBTZUSD')?.at(0)).toMatchObject({ open: 10, high: 20, low: 5, close: 15, volume: 2 })
  })

  it('thousands in quotes are read; what only looks like them is not', async () => {
    const csv = (open: string) =>
      `Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-01,${open},"20,000.5",9939.64,9961.87,1,"1,234,567"\n`
    write('BTC-USD.csv', csv('"10,080.00"'))
    expect((await load({ timeframe: '1d' })).series.get('XXBTZUSD')?.at(0)).toMatchObject({
      open: 10_080,
      high: 20_000.5,
      volume: 1_234_567,
    })
    for (const open of ['"0,123"', '"00,123"', '"10,08.00"', '"1,0080"', '",100"']) {
      write('BTC-USD.csv', csv(open))
      expect(await refusal(load({ timeframe: '1d' }))).toContain('1 text')
    }
  })

  it('a column of prices whose every cell may have a decimal comma is asked about; one cell that cannot have one settles it', async () => {
    const csv = (...opens: string[]) =>
      `Date,Open,High,Low,Close,Volume\n${opens.map((open, i) => `2020-01-0${i + 1},"${open}","10,000.0",1,"1,2${i}4","1,000"\n`).join('')}`
    const path = write('BTC-USD.csv', csv('1,234', '5,678'))
    const said = await refusal(load({ timeframe: '1d' }))
    expect(said).toBe((await checkFile(path)).problem)
    expect(said).toContain(
      `${path}:2:13: expected a number such as 1234.5, got "1,234". All cells of the column are so: a decimal comma?`,
    )
    write('BTC-USD.csv', csv('1,234', '900').replace('"1,214"', '1500.5'))
    expect((await load({ timeframe: '1d' })).series.get('XXBTZUSD')?.open[0]).toBe(1_234)
  })

  it('a file of which more than a tenth cannot be read is refused, by a run and by a check, with the first bad row', async () => {
    const good = (n: number) => rows(start, n)
    const bad = (from: number, n: number) => rows(start + from * hour, n).replaceAll(',5,', ',x,')
    write('BTCUSDT-1h.csv', good(90) + bad(90, 10))
    expect((await load()).files[0]).toMatchObject({ rows: 90, rejected: { text: 10 } })
    const path = write('BTCUSDT-1h.csv', good(90) + bad(90, 11))
    expect(await refusal(load())).toContain(`${path}:91:`)
    expect((await checkFile(path)).problem).toContain(`11 of 101 rows were rejected, the first at ${path}:91:`)
  })

  it('formats that are not read are named with the command that converts them, and so are names that say no pair', async () => {
    const feather = write('BTC_USDT-1h.feather', 'x')
    expect(await refusal(load())).toContain('freqtrade convert-data --format-from feather')
    expect(await refusal(load({ path: feather, pairs: ['BTC'] }))).toContain('freqtrade convert-data --format-from feather')
    expect(await refusal(checkData(folder))).toContain('freqtrade convert-data --format-from feather')
    write('ETHUSDT-1h.csv', rows(start, 2))
    write('prices.csv', rows(start, 2))
    const tables = write('more.txt', 'x')
    const text = write('SOLUSD_60.txt', 'x')
    const twice = write('all.zip', zipped({ 'ADAUSD_60.zip': 'PK' }))
    const said = checkNotes(await checkData(folder))
    expect(said).toContainEqual(expect.stringContaining(`Not read: ${feather}; its format is not read; convert it: freqtrade`))
    expect(said).toContain(`Not read: ${text}; its name does not end in .csv or .json; rename it.`)
    expect(said).toContain(`Not read: ${twice}/ADAUSD_60.zip; its format is not read; unpack the archive it is in.`)
    expect(loadingNotes(await load(), new InstrumentTable())).toEqual(expect.arrayContaining(said.slice(-3)))
    for (const path of [tables, text, twice]) rmSync(path)
    const { unread } = await load()
    expect(unread.map(file => file.why)).toEqual([expect.stringContaining('convert-data'), 'its name says no pair'])
  })
})

describe('all obstacles of a file', () => {
  const problems = async (name: string, text: string) => {
    const path = write(name, text)
    const [ofRun, ofCheck] = [
      await refusal(load({ path, timeframe: name.includes('1440') ? '1d' : '1h' })),
      (await checkFile(path)).problem ?? '',
    ]
    expect(ofCheck).toBe(ofRun)
    return ofRun.replaceAll(`${path}:`, 'at ')
  }

  it('of a sheet in another country’s style are said at once: delimiter, columns, times, numbers', async () => {
    const text = 'Datum;Erster;Hoch;Tief;Schluss;Volumen\n31.01.2024;10,5;11;9;10;5\n'
    const said = await problems('BTCUSD_1440.csv', text)
    expect(said).toContain('has 2 obstacles')
    expect(said).toMatch(/at 1:6: expected columns separated by commas, got ";"/)
    expect(said).toMatch(/at 1:1: expected columns "time", "open", .* "close" in the header/)
    const named = 'date;open;high;low;close;turnover\n31.01.2024;10,5;11;9;10;5\n'
    const all = await problems('BTCUSD_1440.csv', named)
    expect(all).toContain('has 4 obstacles')
    expect(all).toMatch(/at 1:1: expected a column "volume" in the header/)
    expect(all).toMatch(/at 2:1: expected a time such as 2024-01-31 14:00, or seconds since 1970, got "31.01.2024"/)
    expect(all).toMatch(/at 2:12: expected a number such as 1234.5, got "10,5"/)
  })

  it('of its rows are said at once, the first of each kind, with how many more there are', async () => {
    const at = (i: number) => `${(start + i * hour) / 1000},1,1,1,1,1,1\n`
    const said = await problems('XBTUSD_60.csv', at(1) + at(2) + at(2) + at(1) + '1,2\n' + at(3) + '1,2\n')
    expect(said).toContain('has 3 obstacles')
    expect(said).toMatch(/at 3:1: expected times that increase .*the same time again". Remove the duplicate row/)
    expect(said).toMatch(/at 4:1: expected times that increase/)
    expect(said).toMatch(/at 5:4: expected 7 columns.*So does 1 more row/)
  })

  it('alone is said as before', async () => {
    expect(await problems('BTCUSD_1440.csv', 'date,open,high,low,close\n2024-01-31,1,1,1,1\n')).toMatch(
      /^at 1:1: expected a column "volume" in the header, got "date,open,high,low,close"/,
    )
  })
})

describe('what is passed over', () => {
  const table = new InstrumentTable()
  const notes = async (more: Partial<Parameters<typeof loadCandles>[0]> = {}) => loadingNotes(await load(more), table)

  it('has a line: other timeframes, ranges, endings, archives, silent intervals', async () => {
    write('BTCUSDT-1h.csv', rows(start, 6).replace(/1,0,0,3/, '0,0,0,3'))
    write('ETHUSDT-1h.csv', rows(start + 100 * hour, 6))
    write('XBTUSD_1440.csv', 'not read')
    write('LTCUSD_1440.csv', 'not read')
    write('SOLUSD_15.csv', 'not read')
    const text = write('SOLUSD_60.txt', 'not read')
    const packed = write('ADAUSD_60.csv.bz2', 'not read')
    const tar = write('all.tar.gz', 'not read')
    const said = await notes({ pairs: ['BTC', 'ETH'], to: start + 6 * hour })
    expect(said).toContainEqual(expect.stringMatching(/ETHUSDT-1h.csv has no bar in the range asked for \(2025-01-05T00:00:00Z/))
    expect(said).toContain('XXBTZUSD: 1 row of volume 0 is an interval without trades.')
    expect(said).toContain('Of another timeframe, and not read: SOLUSD_15.csv of 15m, 2 files of 1d.')
    expect(said).toContain(`Not read: ${text}; its name does not end in .csv or .json; rename it.`)
    expect(said).toContain(`Not read: ${packed}; its format is not read; unpack it.`)
    expect(said).toContain(`Not read: ${tar}; its format is not read; unpack it.`)
  })

  it('an import says as well, and joins the files of a pair in one', async () => {
    write('BTCUSDT-1h-2024-12.csv', rows(start, 4))
    write('BTCUSDT-1h-2025-01.csv', rows(start + 4 * hour, 3))
    write('in/XBTUSD_60.csv', `${start / 1000},1,1,1,1,1,1\n`)
    write('prices.csv', 'not read')
    const into = join(folder, 'made')
    const { files, notes } = await importCandles({ path: folder, timeframe: '1h', into })
    expect(files).toMatchObject([{ pair: 'XXBTZUSD', path: join(into, 'XBTUSD_60.csv'), rows: 7 }])
    expect(files[0]?.sources.map(source => source.bars)).toEqual([1, 3, 3])
    expect(notes).toContainEqual(
      expect.stringContaining('its other prices or volumes at 1 times are not taken: 2024-12-31T20:00:00Z'),
    )
    expect(notes).toContainEqual(expect.stringContaining('prices.csv; its name says no pair'))
    expect(times((await load({ path: into })).series.get('XXBTZUSD'))).toHaveLength(7)
  })
})

describe('local time', () => {
  const local = (...lines: string[]) => `date,open,high,low,close,volume\n${lines.map(line => `${line},1,1,1,1,1\n`).join('')}`
  const autumn = ['2023-10-29 01:00', '2023-10-29 02:00', '2023-10-29 02:00', '2023-10-29 03:00']
  const utc = ['2023-10-28T23:00:00Z', '2023-10-29T00:00:00Z', '2023-10-29T01:00:00Z', '2023-10-29T02:00:00Z']

  it('the hour that comes twice is taken for local time, never for a duplicate, and read with its zone', async () => {
    write('BTCUSD_60.csv', local(...autumn))
    expect(await refusal(load())).toMatch(/may be local.*`timezone`/)
    expect(times((await load({ timezone: 'Europe/Berlin' })).series.get('XXBTZUSD'))).toEqual(utc)
    expect((await checkFile(join(folder, 'BTCUSD_60.csv'), { timezone: 'Europe/Berlin' })).problem).toBeUndefined()
    write('BTCUSD_60.csv', local(...autumn.slice(0, 1), ...autumn.slice(0, 1)))
    const said = await refusal(load({ timezone: 'Europe/Berlin' }))
    expect(said).toContain('Remove the duplicate row, or is `timezone` another one?')
    expect(said).not.toContain('give `timezone`')
  })

  it('is read newest first too, in quarters of an hour, and in zones of half hours and of no summer time', async () => {
    write('BTCUSD_60.csv', local('2023-10-29 04:00', ...[...autumn].reverse()))
    expect(times((await load({ timezone: 'Europe/Berlin' })).series.get('XXBTZUSD'))).toEqual([...utc, '2023-10-29T03:00:00Z'])
    const quarters = ['01:45', '02:00', '02:15', '02:30', '02:45', '02:00', '02:15', '02:30', '02:45', '03:00']
    write('BTCUSD_15.csv', local(...quarters.map(time => `2023-10-29 ${time}`)))
    const series = (await load({ timeframe: '15m', timezone: 'Europe/Berlin' })).series.get('XXBTZUSD')
    expect(times(series)).toEqual(
      Array.from({ length: 10 }, (_, i) => formatTime(Date.UTC(2023, 9, 28, 23, 45) + (i * hour) / 4)),
    )
    write('ETHUSD_60.csv', local('2023-10-29 05:30', '2023-10-29 06:30'))
    expect(times((await load({ pairs: ['ETH'], timezone: 'Asia/Kolkata' })).series.get('XETHZUSD'))).toEqual(utc.slice(1, 3))
  })

  it('an hour that spring skips is no time; times with an offset, and numbers, do not move', async () => {
    const hours = Array.from({ length: 12 }, (_, i) => `2023-03-26 ${String(i + 3).padStart(2, '0')}:00`)
    write('BTCUSD_60.csv', local('2023-03-26 01:00', '2023-03-26 02:00', ...hours))
    const { rejected, series } = await load({ timezone: 'Europe/Berlin' })
    expect(rejected).toEqual({ 'bad-time': 1 })
    expect(times(series.get('XXBTZUSD')).slice(0, 2)).toEqual(['2023-03-26T00:00:00Z', '2023-03-26T01:00:00Z'])
    write('ETHUSD_60.csv', local('2023-10-29T00:00:00Z', '2023-10-29T02:00:00+01:00', `${Date.UTC(2023, 9, 29, 2) / 1000}`))
    expect(times((await load({ pairs: ['ETH'], timezone: 'Europe/Berlin' })).series.get('XETHZUSD'))).toEqual(utc.slice(1))
  })

  it('a zone that nobody knows is refused', async () => {
    write('BTCUSD_60.csv', local(...autumn))
    expect(await refusal(load({ timezone: 'Berlin' }))).toContain('Europe/Berlin')
  })
})

const cases = join(process.env.MYCELIA_SHARED ?? '../shared', 'cases')

describe.skipIf(!existsSync(cases))('files of other people', () => {
  const at = (name: string) => join(cases, name)

  it.each([
    ['binance-monthly-names', '1h', 480, undefined],
    ['cryptodatadownload', '1h', undefined, undefined],
    ['dst-autumn-local', '1h', undefined, 'Europe/Berlin'],
    ['kraken-increments', '1h', 600, undefined],
    ['thousands-in-quotes', '1d', 400, undefined],
  ])('%s is read whole', async (name, timeframe, bars, timezone) => {
    const { series, rejected } = await loadCandles({ path: at(name), timeframe, pairs: ['BTC'], timezone })
    expect(rejected).toEqual({})
    if (bars !== undefined) expect(series.get('XXBTZUSD')?.length).toBe(bars)
    expect((await checkData(at(name), { timezone })).ok).toBe(true)
  })

  it('freqtrade’s feather is named with the command that converts it', async () => {
    expect(await refusal(loadCandles({ path: at('freqtrade-feather-name'), timeframe: '1h' }))).toContain('convert-data')
  })
})
