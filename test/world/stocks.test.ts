/** Runs on stocks: a market that closes at night has neither gaps there nor bars, and its figures count its own days. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import { zoneOffset } from '../../src/market/exchange-zones.js'
import { formatTime, sessionCalendar } from '../../src/market/index.js'
import { type RunRequest, run } from '../../src/world/index.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const nyse = sessionCalendar('NYSE')
const instruments = { AAPL: { session: 'NYSE', tickSize: 0.01, lotDecimals: 0 } }
/** Few agents, who trade from the first bars. */
const params = (pair: string) => ({ financeLearners: 3, forcedHypotheses: [`finance:own-return|level|0|${pair}|4|+`] })

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-stocks-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Bars of the session from 2024 on, as a sheet of local times without offset would have them; every ninth rises. */
function sheet(n: number, barMs: number, name: string): string {
  const path = folder()
  const lines: string[] = []
  let time = nyse.after(Date.UTC(2024, 0, 1), 0, barMs)
  for (let i = 0; i < n; i++) {
    const [open, close] = [i - 1, i].map(n => 100 * 1.01 ** Math.floor(Math.max(0, n) / 9)) as [number, number]
    const local = time + zoneOffset('America/New_York', time)
    const text = barMs === DAY ? formatTime(time).slice(0, 10) : formatTime(local).slice(0, 16).replace('T', ' ')
    lines.push(`${text},${open},${close},${open},${close},1000`)
    time = nyse.after(time, 1, barMs)
  }
  writeFileSync(join(path, name), `Date,Open,High,Low,Close,Volume\n${lines.join('\n')}\n`)
  return path
}

async function ran(asked: RunRequest) {
  const notes: string[] = []
  const out = join(folder(), 'out')
  const result = await run({ scenario: trifecta, seed: 3, steps: 400, out, onNote: note => notes.push(note), ...asked })
  return { result, notes, out, manifest: JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) }
}

async function rowsOf<T>(out: string, table: string, sql: string): Promise<T[]> {
  const connection = await (await DuckDBInstance.create()).connect()
  const reader = await connection.runAndReadAll(sql.replace('TABLE', `'${join(out, `${table}.parquet`)}'`))
  return reader.getRowObjectsJson() as unknown as T[]
}

describe('a stock with a session calendar', () => {
  it('has a bar at each hour of its sessions and no gap beside them, in local time without an offset', async () => {
    const market = sheet(400, HOUR, 'AAPL_60.csv')
    const { result, notes, manifest } = await ran({ market, pairs: ['AAPL'], instruments, params: params('AAPL') })
    expect(result.steps).toBe(400)
    expect(manifest.market.pairs).toEqual({ AAPL: { bars: 400, filled: 0 } })
    expect(manifest.market.from).toBe('2024-01-02T14:30:00Z')
    expect(notes[0]).toBe('AAPL trades in the hours of NYSE: horizons count its bars, and annual figures 252 days.')
    expect(result.fills).toBeGreaterThan(0)
  })

  it('fills over night and over the weekend at the next open', async () => {
    const market = sheet(400, DAY, 'AAPL_1440.csv')
    const asked = { market, pairs: ['AAPL'], instruments, timeframe: '1d', params: params('AAPL') }
    const { out } = await ran(asked)
    const fills = await rowsOf<{ time: string }>(out, 'fills', 'SELECT epoch_ms(time) AS time FROM TABLE WHERE opens')
    expect(fills.length).toBeGreaterThan(20)
    const weekday = (time: number) => new Date(time).getUTCDay()
    expect(fills.map(fill => Number(fill.time)).filter(time => Number.isNaN(nyse.barStart(time, DAY)))).toEqual([])
    expect(fills.some(fill => weekday(Number(fill.time)) === 1)).toBe(true)
  })

  it('holds a position for as many bars of the session as its idea says', async () => {
    const market = sheet(400, HOUR, 'AAPL_60.csv')
    const asked = { ...params('AAPL'), stopAtr: 0, targetAtr: 0, maxDrawdown: 1 }
    const { out } = await ran({ market, pairs: ['AAPL'], instruments, params: asked })
    const sql = `SELECT epoch_ms(entry_time) AS entry, epoch_ms(exit_time) AS exit, bars_held FROM TABLE
      WHERE portfolio = 'mycelial' AND reason = 'horizon'`
    const trades = await rowsOf<{ entry: string; exit: string; bars_held: number }>(out, 'trades', sql)
    expect(trades.length).toBeGreaterThan(5)
    const over = trades.map(({ entry, exit }) => Number(exit) - Number(entry))
    expect(trades.map(trade => nyse.barsBetween(Number(trade.entry), Number(trade.exit), HOUR))).toEqual(trades.map(() => 4))
    expect(trades.every(trade => Number(trade.bars_held) === 4)).toBe(true)
    expect(over.some(ms => ms > 2 * DAY)).toBe(true)
  })

  it('cannot share a step with bars that begin half an hour later, and says so', async () => {
    const market = sheet(400, HOUR, 'AAPL_60.csv')
    const hours = Array.from({ length: 400 }, (_, i) => `${(Date.UTC(2024, 0, 2) + i * HOUR) / 1000},1,1,1,1,1,1\n`)
    writeFileSync(join(market, 'XBTUSD_60.csv'), hours.join(''))
    await expect(ran({ market, pairs: ['AAPL', 'BTC'], instruments, params: { financeLearners: 3 } })).rejects.toThrow(
      /bars of all pairs at the same instants.*shorter `timeframe`/,
    )
  })
})
