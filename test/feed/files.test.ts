/** Candle and moat files on disk: which are found, which one serves a pair, and what is said about the rest. */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { checkData, checkFile, importCandles, loadCandles, loadMoats, readCandleFileName } from '../../src/feed/index.js'
import { BarFlag, type CandleSeries, defaultPairs, InstrumentTable, moatStreams, replayMarket } from '../../src/market/index.js'

const HOUR = 3600
const START = 1_600_000_200 - (1_600_000_200 % 86_400)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mycelia files ü-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text)
  return path
}

/** Rows of Kraken's layout, `step` seconds apart. */
function kraken(rows: number, price = 10, step = HOUR): string {
  return Array.from({ length: rows }, (_, i) => `${START + i * step},${price},${price},${price},${price},1,1\n`).join('')
}

function freqtrade(rows: number, price = 10, step = HOUR): string {
  return JSON.stringify(Array.from({ length: rows }, (_, i) => [(START + i * step) * 1000, price, price, price, price, 1]))
}

function csv(rows: number, price = 10, step = HOUR): string {
  const lines = Array.from({ length: rows }, (_, i) => `${START + i * step},${price},${price},${price},${price},1\n`)
  return `timestamp,open,high,low,close,volume\n${lines.join('')}`
}

function load(more: Partial<Parameters<typeof loadCandles>[0]> = {}) {
  return loadCandles({ path: folder, timeframe: '1h', ...more })
}

async function refusal(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (e: unknown) => e,
  )
  expect(error).toBeInstanceOf(OperatorError)
  return (error as OperatorError).message
}

function closes(series: CandleSeries | undefined): number[] {
  return Array.from(series?.close.subarray(0, series.length) ?? [])
}

describe('names of candle files', () => {
  it.each([
    ['BTC_USDT-1h.json.gz', 'XXBTZUSD', 'USDT', 3_600_000],
    ['FILUSDT_1h.csv.gz', 'FILUSD', 'USDT', 3_600_000],
    ['BTCUSDT.csv', 'XXBTZUSD', 'USDT', undefined],
    ['BTCEUR_60.csv', 'BTCEUR', 'EUR', 3_600_000],
    ['XRPUSD_60.csv', 'XRPUSD', 'USD', 3_600_000],
    ['XRP_USDT-1h.json.gz', 'XRPUSDT', 'USDT', 3_600_000],
    ['XXRPZEUR_1440.csv', 'XRPEUR', 'EUR', 86_400_000],
    ['XBTUSD_60.csv.gz', 'XXBTZUSD', 'USD', 3_600_000],
    ['a/b/ETHUSD_1440.csv', 'XETHZUSD', 'USD', 86_400_000],
    ['XDGUSD_1.csv', 'DOGEUSD', 'USD', 60_000],
    ['xlmusd-15m.CSV', 'XLMUSD', 'USD', 900_000],
    ['POL_USDT-1d.json', 'MATICUSD', 'USDT', 86_400_000],
    ['A_USD-1h.json', 'EOSUSD', 'USD', 3_600_000],
    ['SYN019USD_60.csv', 'SYN019USD', 'USD', 3_600_000],
  ])('%s', (name, pair, quote, barMs) => {
    expect(readCandleFileName(name)).toMatchObject({ path: name, pair, quote, barMs })
  })

  it.each(['SOURCES.md', 'http_ohlc.json', 'BTC.csv', 'ETHBTC_60.csv', 'XBTUSD_60.zip', 'BTC_USDT-1h-futures.json', '.csv'])(
    'passes over %s',
    name => {
      expect(readCandleFileName(name)).toBeUndefined()
    },
  )
})

describe('loading candles', () => {
  it('finds every format in subfolders, gzipped or not, the model’s pairs in its order', async () => {
    write('a/ADA_USDT-1h.json.gz', freqtrade(3, 1))
    write('b/c/SOLUSDT_1h.csv', csv(4, 2))
    write('XBTUSD_60.csv', kraken(5, 3))
    write('b/SYN001USD_60.csv', kraken(2, 4))
    write('b/.hidden/ETHUSD_60.csv', kraken(2, 4))
    write('notes.txt', 'nothing')
    const loaded = await load()
    expect([...loaded.series.keys()]).toEqual(['XXBTZUSD', 'SOLUSD', 'ADAUSD', 'SYN001USD'])
    expect([...loaded.series.values()].map(s => s.length)).toEqual([5, 4, 3, 2])
    expect(loaded.missing).toHaveLength(15)
  })

  it('picks files by timeframe, from the name or else from the distance of their rows', async () => {
    write('1h/BTCUSDT.csv', csv(3, 1))
    write('1d/BTCUSDT.csv', csv(4, 2, 86_400))
    write('XBTUSD_15.csv', kraken(5, 3, 900))
    expect(closes((await load()).series.get('XXBTZUSD'))).toEqual([1, 1, 1])
    expect(closes((await load({ timeframe: '1d' })).series.get('XXBTZUSD'))).toEqual([2, 2, 2, 2])
    expect(closes((await load({ timeframe: '15m' })).series.get('XXBTZUSD'))).toHaveLength(5)
  })

  it('joins the files of a pair: Kraken USD stands, then the longest, and it says how many bars each gave and where they differ', async () => {
    const longest = write('BTC_USDT-1h.json', freqtrade(9, 3))
    const shorter = write('other/BTC_USDT-1h.json', freqtrade(8, 2))
    const usd = write('XBTUSD_60.csv', kraken(2, 1))
    const { files, series } = await load()
    expect(closes(series.get('XXBTZUSD'))).toEqual([1, 1, 3, 3, 3, 3, 3, 3, 3])
    const firstDiffering = ['2020-09-13T00:00:00Z', '2020-09-13T01:00:00Z']
    expect(files).toMatchObject([
      { path: usd, rows: 2, bars: 2, quote: 'USD', differing: 0, firstDiffering: [] },
      { path: longest, rows: 9, bars: 7, quote: 'USDT', differing: 2, firstDiffering },
      { path: shorter, rows: 8, bars: 0, differing: 8, firstDiffering: [...firstDiffering, '2020-09-13T02:00:00Z'] },
    ])
  })

  it('serves MATIC by POL files, and joins the old name and the new one', async () => {
    write('POL_USDT-1h.json', freqtrade(9, 2))
    expect((await load({ pairs: ['MATICUSD'] })).files[0]).toMatchObject({ pair: 'MATICUSD', rows: 9 })
    write('MATIC_USDT-1h.json', freqtrade(3, 1))
    expect(closes((await load({ pairs: ['MATICUSD'] })).series.get('MATICUSD'))).toEqual([1, 1, 1, 2, 2, 2, 2, 2, 2])
  })

  it('names files of the timeframe whose pair was not asked for, one a pair, and reads none of them', async () => {
    write('XBTUSD_60.csv', kraken(2))
    const xrp = write('XRPUSD_60.csv', 'not read')
    write('old/XRPUSD_60.csv', 'not read')
    const eur = write('BTCEUR.csv', 'not read')
    write('LTCUSD_1440.csv', 'of another timeframe')
    expect((await load({ pairs: ['BTC'] })).outside).toEqual(
      expect.arrayContaining([
        { pair: 'BTCEUR', path: eur },
        { pair: 'XRPUSD', path: expect.stringContaining('XRPUSD_60.csv') },
      ]),
    )
    expect((await load({ pairs: ['BTC'] })).outside).toHaveLength(2)
    write('XRPUSD_60.csv', kraken(3, 0.5))
    rmSync(join(folder, 'old'), { recursive: true })
    expect((await load({ pairs: ['xrp/usd'] })).files).toMatchObject([{ pair: 'XRPUSD', path: xrp, quote: 'USD', rows: 3 }])
    expect((await load({ pairs: ['XRP/USD', 'btc'] })).outside).toEqual([{ pair: 'BTCEUR', path: eur }])
  })

  it('finds files of instruments of one’s own, whatever they are called', async () => {
    const path = write('AAPL_60.csv', kraken(4))
    expect(await refusal(load({ pairs: ['AAPL'] }))).toContain('Unknown pair "AAPL"')
    const instruments = new InstrumentTable({ AAPL: {} })
    expect((await load({ pairs: ['AAPL'], instruments })).files).toMatchObject([{ pair: 'AAPL', path, quote: 'USD' }])
  })

  it('does not serve a pair in no table by files in another currency', async () => {
    write('XRP_USDT-1h.json', freqtrade(3))
    expect(await refusal(load({ pairs: ['XRPUSD'] }))).toContain('The path serves XRPUSDT')
    expect((await load({ pairs: ['XRPUSDT'] })).files).toMatchObject([{ pair: 'XRPUSDT', quote: 'USDT' }])
  })

  it('takes pairs in any spelling, in the order asked, and names those no file serves', async () => {
    write('XBTUSD_60.csv', kraken(2))
    write('ETHUSD_60.csv', kraken(2))
    const loaded = await load({ pairs: ['ETH/USD', 'btc', 'EOS'] })
    expect([...loaded.series.keys()]).toEqual(['XETHZUSD', 'XXBTZUSD'])
    expect(loaded.missing).toEqual(['EOSUSD'])
  })

  it('gives the SHA-256 of the file as found', async () => {
    for (const name of ['XBTUSD_60.csv.gz', 'ETHUSD_60.csv']) {
      const path = write(name, kraken(3))
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
      expect((await load()).files.find(f => f.path === path)?.sha256).toBe(sha256)
    }
  })

  it('keeps to the range asked for', async () => {
    write('XBTUSD_60.csv', kraken(10))
    const { series } = await load({ from: (START + 2 * HOUR) * 1000, to: (START + 4 * HOUR) * 1000 })
    expect(series.get('XXBTZUSD')?.length).toBe(3)
  })

  it('I2: counts impossible rows by reason and goes on without them', async () => {
    const at = (i: number) => START + i * HOUR
    write(
      'XBTUSD_60.csv',
      `${kraken(36)}${at(36)},NaN,1,1,1,1,1\n${at(37)},1,1,1,1,-1,1\n${at(38)},1,1,1,1e999,1,1\n${at(39) + 1},1,1,1,1,1,1\n${at(40)},1,1,1,1,1,1\n`,
    )
    const { series, rejected, files } = await load()
    expect(series.get('XXBTZUSD')?.length).toBe(37)
    expect(rejected).toEqual({ nan: 1, 'negative-volume': 1, infinite: 1, 'off-grid': 1 })
    expect(files[0]?.rejected).toEqual(rejected)
  })

  it('reads one file by its path; one without a pair in its name needs --pairs', async () => {
    const path = write('mine.csv', csv(3))
    expect(await refusal(load({ path }))).toContain('give its pair as `pairs`')
    expect((await load({ path, pairs: ['BTC'] })).series.get('XXBTZUSD')?.length).toBe(3)
    expect((await load({ path: write('XBTUSD_60.csv', kraken(1)) })).series.get('XXBTZUSD')?.length).toBe(1)
  })

  it('explains what is not there: path, timeframe, pair, range', async () => {
    write('XBTUSD_60.csv', kraken(3))
    write('ETHUSD_1440.csv', kraken(3, 1, 86_400))
    expect(await refusal(load({ path: join(folder, 'nowhere') }))).toContain('no such file or folder')
    expect(await refusal(load({ timeframe: '5m' }))).toContain('only 1h, 1d')
    expect(await refusal(load({ timeframe: 'often' }))).toContain('Try 1m, 15m, 1h or 1d.')
    expect(await refusal(load({ pairs: ['BTX'] }))).toContain('Did you mean "BTC"?')
    expect(await refusal(load({ pairs: ['SOL'] }))).toContain('The path serves XETHZUSD, XXBTZUSD: name them as the pairs.')
    expect(await refusal(load({ from: 4e12 }))).toContain('There is XXBTZUSD 2020-09-13T00:00:00Z')
    mkdirSync(join(folder, 'empty'))
    expect(await refusal(load({ path: join(folder, 'empty') }))).toContain('named by pair')
  })

  it('I7: names file, line and column of a wrong shape, and damaged gzip', async () => {
    const path = write('XBTUSD_60.csv', `${kraken(2)}1700000000,1\n`)
    expect(await refusal(load())).toContain(`${path}:3:13: expected 7 columns`)
    writeFileSync(path, '')
    expect(await refusal(load())).toContain(`${path}:1:1: expected at least one row`)
    rmSync(path)
    writeFileSync(join(folder, 'XBTUSD_60.csv.gz'), 'not gzip')
    expect(await refusal(load())).toContain('damaged gzip data')
    writeFileSync(join(folder, 'XBTUSD_60.csv.gz'), gzipSync(kraken(500)).subarray(0, 100))
    expect(await refusal(load())).toContain('gzip data that end early')
  })

  it('refuses a file whose rows are not of the timeframe in its name', async () => {
    write('XBTUSD_1440.csv', kraken(48))
    expect(await refusal(load({ timeframe: '1d' }))).toContain('46 off-grid')
  })
})

describe('data check', () => {
  it('counts rows, gaps, rows without volume and refusals, and says where', async () => {
    const at = (i: number) => START + i * HOUR
    const rows = [0, 1, 4, 5, 9, 10, 11, 12, 13].map(i => `${at(i)},1,1,1,1,${i === 5 ? 0 : 1},1\n`).join('')
    const path = write('XBTUSD_60.csv', `${rows}${at(14)},0,1,1,1,1,1\n`)
    expect(await checkFile(path)).toMatchObject({
      pair: 'XXBTZUSD',
      format: 'kraken',
      timeframe: '1h',
      rows: 9,
      from: '2020-09-13T00:00:00Z',
      to: '2020-09-13T13:00:00Z',
      gaps: 2,
      missingRows: 5,
      zeroVolume: 1,
      rejected: { 'price-not-positive': 1 },
      examples: [`${path}:10:12: price-not-positive`],
      problem: undefined,
    })
  })

  it('checks every file of a folder and reports the problem of each, with file:line:column', async () => {
    write('XBTUSD_60.csv', kraken(3))
    const bad = write('ETHUSD_60.csv', `${kraken(2)}${START},1,1,1,1,1,1\n`)
    write('SOLUSD_60.csv', `${START},0,0,0,0,0,0\n`)
    const { files, ok } = await checkData(folder)
    expect(ok).toBe(false)
    expect(files.map(f => f.problem === undefined)).toEqual([false, false, true])
    expect(files[0]?.problem).toContain(`${bad}:3:1: expected times that increase`)
    expect(files[1]?.problem).toContain('No usable row')
  })

  it('says which files a run reads only when told the pair, in what currency they are, and which names tell none', async () => {
    write('XBTUSD_60.csv', kraken(3))
    write('XRPUSD_60.csv', kraken(3))
    write('SOL_USDT-1h.json', freqtrade(3))
    const unnamed = write('prices.csv', csv(3))
    write('notes.txt', 'nothing')
    const check = await checkData(folder)
    expect(check).toMatchObject({ ok: true, unnamed: [unnamed] })
    expect(check.files.map(({ pair, quote, outside }) => ({ pair, quote, outside }))).toEqual(
      expect.arrayContaining([
        { pair: 'XXBTZUSD', quote: 'USD', outside: false },
        { pair: 'XRPUSD', quote: 'USD', outside: true },
        { pair: 'SOLUSD', quote: 'USDT', outside: false },
      ]),
    )
  })

  it('refuses a folder without candle files', async () => {
    expect(await refusal(checkData(folder))).toContain('none so named')
  })
})

describe('data import', () => {
  it('rewrites every format into one folder that holds exactly the same candles', async () => {
    write('ADA_USDT-1h.json.gz', freqtrade(3, 0.1))
    write('SOLUSDT_1h.csv', csv(4, 1e-7))
    write('XBTUSD_60.csv', kraken(5, 12_345.6))
    write('SYN001USD_60.csv', kraken(2, 4))
    const into = join(folder, 'made/canonical')
    const before = await load()
    const { files } = await importCandles({ path: folder, timeframe: '1h', into })
    expect(files.map(f => f.path.slice(into.length + 1))).toEqual([
      'XBTUSD_60.csv',
      'SOLUSDT_60.csv',
      'ADAUSDT_60.csv',
      'SYN001USD_60.csv',
    ])
    const after = await load({ path: into })
    expect(after.series).toEqual(before.series)
    expect(readdirSync(into)).toHaveLength(4)
  })

  it('keeps seconds where bars are shorter than a minute', async () => {
    write('XBTUSD-1s.csv', kraken(5, 1, 1))
    const into = join(folder, 'made')
    await importCandles({ path: folder, timeframe: '1s', into })
    expect(readdirSync(into)).toEqual(['XBTUSD-1s.csv'])
    expect((await load({ path: into, timeframe: '1s' })).series.get('XXBTZUSD')?.length).toBe(5)
  })

  it('never overwrites a file', async () => {
    write('XBTUSD_60.csv', kraken(5))
    expect(await refusal(importCandles({ path: folder, timeframe: '1h', into: folder }))).toContain('expected a new file')
    expect(readFileSync(join(folder, 'XBTUSD_60.csv'), 'utf8')).toBe(kraken(5))
  })
})

describe('moat files', () => {
  const text = `time,stream,value\n${START},Go,1\n${START + HOUR},Go,2\n`

  it('reads <moat>/<stream>.csv, and a market replays it', async () => {
    write('moats/code/Go.csv', text)
    write('moats/logistics/Asia.csv.gz', text.replaceAll('Go', ''))
    write('XBTUSD_60.csv', kraken(3))
    const { series, files } = await loadMoats(join(folder, 'moats'))
    expect(series.map(s => [s.moat, s.stream, s.value])).toEqual([
      ['code', 'Go', [1, 2]],
      ['logistics', 'Asia', [1, 2]],
    ])
    expect(files.map(f => f.rows)).toEqual([2, 2])
    const market = replayMarket({ ...(await load()), seed: 1, moats: series, streams: moatStreams })
    expect(market.next()?.inputs.filter(i => i.kind === 'signal' && !i.signal.placebo)).toHaveLength(4)
  })

  it('explains unknown moats, wrong places and empty folders', async () => {
    expect(await refusal(loadMoats(folder))).toContain('such as code/Python.csv')
    write('Go.csv', text)
    expect(await refusal(loadMoats(folder))).toContain('<moat>/<stream>.csv')
    rmSync(join(folder, 'Go.csv'))
    write('cod/Go.csv', text)
    expect(await refusal(loadMoats(folder))).toContain('Did you mean "code"?')
    rmSync(join(folder, 'cod'), { recursive: true })
    write('code/Go.csv', text)
    write('code/Golang.csv', text)
    expect(await refusal(loadMoats(folder))).toContain('one file for code:Go')
  })
})

const real = join(process.env.MYCELIA_SHARED ?? '../shared', 'data')

describe('real candles', () => {
  it('loads 18 pairs by the hour, Kraken’s own for BTC and ETH, and flags every gap', async ctx => {
    if (!existsSync(real)) return ctx.skip('no ../shared/data here')
    const loaded = await loadCandles({ path: real, timeframe: '1h' })
    expect([...loaded.series.keys()]).toEqual([...defaultPairs])
    expect(loaded.rejected).toEqual({})
    expect(loaded.files.slice(0, 4).map(f => [f.quote, f.rows, f.bars])).toEqual([
      ['USD', 70_253, 70_253],
      ['USDT', 45_024, 63],
      ['USD', 63_568, 63_568],
      ['USDT', 45_024, 63],
    ])
    const market = replayMarket({ ...loaded, seed: 7 })
    const bars = new Map<string, number>()
    const filled = new Map<string, number>()
    let steps = 0
    for (let tick = market.next(); tick !== undefined; tick = market.next()) {
      steps++
      for (const input of tick.inputs) {
        if (input.kind !== 'bar') continue
        const kind = input.bar.flags & BarFlag.filled ? filled : bars
        kind.set(input.bar.pair, (kind.get(input.bar.pair) ?? 0) + 1)
      }
    }
    expect(market.describe()).toMatchObject({ from: '2019-09-24T11:00:00Z', to: '2022-10-11T10:00:00Z', ticks: steps })
    expect(steps).toBe(26_712)
    expect([bars.get('XXBTZUSD'), filled.get('XXBTZUSD')]).toEqual([26_712, undefined])
    expect([bars.get('XTZUSD'), filled.get('XTZUSD')]).toEqual([26_673, 39])
    expect(bars.get('UNIUSD')).toBe(17_235)
  })

  it('loads the days too: MATIC by POL, and names the pairs without any', async ctx => {
    if (!existsSync(real)) return ctx.skip('no ../shared/data here')
    const { series, files, missing } = await loadCandles({ path: real, timeframe: '1d' })
    expect(missing).toEqual(['EOSUSD', 'XTZUSD'])
    expect(files.find(f => f.pair === 'MATICUSD')?.path).toContain('POLUSDT.csv.gz')
    expect(series.get('XXBTZUSD')?.at(0)).toMatchObject({ time: 1_514_764_800_000, open: 13_715.65, trades: 105_595 })
  })

  it('finds the gaps that the data’s own page counts', async ctx => {
    if (!existsSync(real)) return ctx.skip('no ../shared/data here')
    expect(await checkFile(join(real, 'kraken-ohlcvt/XBTUSD_60.csv.gz'))).toMatchObject({
      rows: 70_253,
      gaps: 3254,
      missingRows: 10_856,
    })
    expect(await checkFile(join(real, 'kraken-ohlcvt/ETHUSD_1440.csv.gz'))).toMatchObject({ gaps: 5, missingRows: 6 })
  })
})
