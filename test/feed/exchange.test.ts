/** Candles of other exchanges, through the real ccxt client and a stand-in for Binance on this machine. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { checkData, fetchExchangeCandles, loadCandles, type WallClock } from '../../src/feed/index.js'
import type { Candle } from '../../src/market/index.js'
import { type FetchRequest, fetchFiles } from '../../src/world/index.js'
import { ExchangeStandin } from '../standins/exchange.js'

const HOUR = 3_600_000
/** Start of the hour in progress. */
const now = Math.floor(Date.now() / HOUR) * HOUR

/** Hours up to the one in progress, which is the last. */
function hours(n: number, price = 100): Candle[] {
  return Array.from({ length: n }, (_, i) => {
    const close = price + (i % 7)
    return { time: now - (n - 1 - i) * HOUR, open: price, high: price + 7, low: price, close, volume: 1 + i }
  })
}

async function exchange(candles: Record<string, readonly Candle[]>) {
  const standin = await ExchangeStandin.start(candles)
  onTestFinished(() => standin.stop())
  return standin
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-exchange-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return join(path, 'candles')
}

function fetching(standin: ExchangeStandin, into: string, more: Partial<FetchRequest> = {}) {
  const environment = { EXCHANGE_REST_URL: standin.url, EXCHANGE_RETRY_MS: '20' }
  return fetchFiles({ exchange: 'binance', timeframe: '1h', into, environment, ...more })
}

it('fetches page by page from a start, leaves out the candle in progress, and a run reads the files', async () => {
  const standin = await exchange({ BTCUSDT: hours(2_501), LTCUSDT: hours(100, 50) })
  const into = folder()
  const said: number[] = []
  const { candles, files } = await fetching(standin, into, {
    pairs: ['BTC/USDT', 'LTCUSDT'],
    from: now - 3_000 * HOUR,
    onProgress: ({ share }) => said.push(share),
  })
  expect(candles).toEqual({ BTCUSDT: 2_500, LTCUSDT: 99 })
  expect(files.BTCUSDT).toBe(join(into, 'binance_BTCUSDT-1h.csv'))
  expect(standin.requests.filter(r => r.includes('BTCUSDT')).length).toBe(3)
  expect(standin.requests.every(r => /^GET \/api\/v3\/(?:klines|exchangeInfo)/.test(r))).toBe(true)
  expect(said.some(share => share > 0.3 && share < 0.9)).toBe(true)
  expect(said.at(-1)).toBe(1)
  const loaded = await loadCandles({ path: into, timeframe: '1h', pairs: ['BTC', 'LTCUSDT'] })
  expect([...loaded.series].map(([pair, series]) => [pair, series.length])).toEqual([
    ['XXBTZUSD', 2_500],
    ['LTCUSDT', 99],
  ])
  expect(loaded.files[0]?.quote).toBe('USDT')
  expect((await checkData(into)).ok).toBe(true)
})

it('fetches the latest 720 bars of the default pairs where no start and no pair is given, in USD or what stands for it', async () => {
  const standin = await exchange({ BTCUSD: hours(900), BTCUSDT: hours(900), ETHUSDT: hours(900), SOLEUR: hours(900) })
  const { candles, missing } = await fetching(standin, folder())
  expect(candles).toEqual({ BTCUSD: 720, ETHUSDT: 720 })
  expect(missing.find(m => m.pair === 'SOLUSD')?.reason).toBe('Binance does not list it in USD, USDT, USDC; it lists SOL/EUR')
})

it('continues after the last whole candle, also where a killed download left half a row', async () => {
  const standin = await exchange({ BTCUSDT: hours(501) })
  const into = folder()
  const asked = { pairs: ['BTCUSDT'], from: now - 500 * HOUR }
  await fetching(standin, into, asked)
  const path = join(into, 'binance_BTCUSDT-1h.csv')
  const whole = readFileSync(path, 'utf8')
  const lines = whole.split('\n')
  writeFileSync(path, `${lines.slice(0, 300).join('\n')}\n${lines[300]?.slice(0, 17)}`)
  standin.requests.length = 0
  expect((await fetching(standin, into, asked)).candles).toEqual({ BTCUSDT: 200 })
  expect(standin.requests.filter(r => r.includes('klines'))[0]).toContain(`startTime=${Number(lines[300]?.split(',')[0]) * 1000}`)
  expect(readFileSync(path, 'utf8')).toBe(whole)
  expect((await fetching(standin, into, asked)).candles).toEqual({ BTCUSDT: 0 })
})

it('puts candles before the first one of a file in front where an earlier start is asked for, also after an interruption', async () => {
  const standin = await exchange({ BTCUSDT: hours(2_501) })
  const [into, whole] = [folder(), folder()]
  const file = 'binance_BTCUSDT-1h.csv'
  const pairs = ['BTCUSDT']
  await fetching(standin, into, { pairs, from: now - 50 * HOUR })
  const early = { pairs, from: now - 2_500 * HOUR }
  standin.fail(1_000, 503, 1)
  await expect(fetching(standin, into, early)).rejects.toThrow('it continues where it stopped')
  standin.fail(0, 503)
  expect((await fetching(standin, into, early)).candles).toEqual({ BTCUSDT: 1_450 })
  await fetching(standin, whole, early)
  expect(readFileSync(join(into, file), 'utf8')).toBe(readFileSync(join(whole, file), 'utf8'))
  expect(readdirSync(into)).toEqual([file])
  standin.requests.length = 0
  expect((await fetching(standin, into, { pairs, from: now - 30_000 * HOUR })).candles).toEqual({ BTCUSDT: 0 })
  expect(standin.requests.filter(r => r.includes('klines'))).toHaveLength(1)
})

it('tries again where a failure may pass; where it does not, whole rows stay and the message says how to go on', async () => {
  const standin = await exchange({ BTCUSDT: hours(2_501) })
  const into = folder()
  const asked = { pairs: ['BTCUSDT'], from: now - 2_500 * HOUR }
  standin.fail(1_000, 503, 1)
  await expect(fetching(standin, into, asked)).rejects.toThrow(/Binance cannot be reached.*it continues where it stopped/)
  expect(readFileSync(join(into, 'binance_BTCUSDT-1h.csv'), 'utf8').split('\n')).toHaveLength(1_001)
  standin.fail(2, 503)
  expect((await fetching(standin, into, asked)).candles).toEqual({ BTCUSDT: 1_500 })
  expect((await checkData(into)).files[0]).toMatchObject({ rows: 2_500, gaps: 0 })
})

it.each([
  [503, [1_000, 2_000]],
  [429, [5_000, 10_000]],
])('waits seconds after a failure %i, twice as long after the next', async (status, expected) => {
  const standin = await exchange({ BTCUSDT: hours(3) })
  standin.fail(2, status)
  const waits: number[] = []
  const clock: WallClock = {
    now: () => Date.now(),
    monotonic: () => 0,
    setTimer: (delayMs, fire) => {
      waits.push(delayMs)
      setImmediate(fire)
      return () => undefined
    },
  }
  const write = () => undefined
  await fetchExchangeCandles({ exchange: 'binance', pairs: ['BTCUSDT'], barMs: HOUR, write, restUrl: standin.url, clock })
  expect(waits.slice(0, 2)).toEqual(expected)
})

it('makes no folder where nothing comes, and writes no interval without trades', async () => {
  const quiet = hours(10).map((candle, i) => (i === 4 ? { ...candle, volume: 0 } : candle))
  const standin = await exchange({ BTCUSDT: quiet })
  const into = folder()
  standin.fail(1_000, 503)
  await expect(fetching(standin, into, { pairs: ['BTCUSDT'] })).rejects.toThrow('cannot be reached')
  expect(existsSync(into)).toBe(false)
  standin.fail(0, 503)
  await fetching(standin, into, { pairs: ['BTCUSDT'] })
  expect(readdirSync(into)).toHaveLength(1)
  expect((await checkData(into)).files[0]).toMatchObject({ rows: 8, gaps: 1, missingRows: 1 })
})

it.each([
  [{ exchange: 'binanse' }, 'Unknown exchange "binanse". Did you mean "binance"?'],
  [{ timeframe: '7m' }, '`timeframe`: expected one that Binance offers: 1s, 1m'],
  [{ pairs: ['FOO'] }, 'Unknown pair "FOO"'],
])('refuses %j in one sentence', async (wrong, says) => {
  const standin = await exchange({ BTCUSDT: hours(3) })
  await expect(fetching(standin, folder(), wrong)).rejects.toThrow(says)
})

it('finds bitcoin in euros by Kraken’s name of it', async () => {
  const standin = await exchange({ BTCEUR: hours(10) })
  expect((await fetching(standin, folder(), { pairs: ['XBTEUR'] })).candles).toEqual({ BTCEUR: 9 })
})

it('fetches pairs of no known currency by instruments of one’s own', async () => {
  const standin = await exchange({ ETHBTC: hours(10, 0.05) })
  const { candles } = await fetching(standin, folder(), { pairs: ['ETHBTC'], instruments: { ETHBTC: { quote: 'BTC' } } })
  expect(candles).toEqual({ ETHBTC: 9 })
})
