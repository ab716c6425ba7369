/** What a check says of candles: what they cover, what is odd, and whether sources of one pair agree. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkNotes, checkText } from '../../src/cli/verbs/data-check-text.js'
import { Rng, rootOf } from '../../src/core/index.js'
import { checkData, checkFile } from '../../src/feed/index.js'
import { InstrumentTable, ownInstrumentsSchema, sessionCalendar } from '../../src/market/index.js'

const hour = 3_600_000
const start = Date.UTC(2024, 0, 1)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mycelia-check-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Row {
  time: number
  close: number
  volume: number
}

/** A walk of prices, an hour a step. */
function walk(n: number, seed = 'walk'): Row[] {
  const rng = Rng.derive(rootOf(seed), 1, 1)
  let close = 100
  return Array.from({ length: n }, (_, i) => {
    close *= 1 + 0.01 * rng.normal()
    return { time: start + i * hour, close, volume: 5 }
  })
}

function write(name: string, rows: readonly Row[]): string {
  const path = join(folder, name)
  const line = ({ time, close, volume }: Row) => `${time / 1000},${close},${close},${close},${close},${volume},1\n`
  writeFileSync(path, rows.map(line).join(''))
  return path
}

describe('one file', () => {
  it('has a coverage, and its longest gap has a place', async () => {
    const rows = walk(100).filter((_, i) => i !== 10 && !(i >= 40 && i < 49))
    expect(await checkFile(write('XBTUSD_60.csv', rows))).toMatchObject({
      coverage: 0.9,
      gaps: 2,
      missingRows: 10,
      longestGap: { time: start + 40 * hour, size: 9 },
    })
    const text = checkText(await checkData(folder))
    expect(text).toContain('covers 90.00 %: 2 gaps, 10 bars missing, the longest of 9 from 2024-01-02T16:00:00Z')
  })

  it('has outliers where a run flags them, and its largest move is named', async () => {
    const rows = walk(50).map((row, i) => (i === 20 ? { ...row, close: row.close * 12 } : row))
    for (const order of [rows, [...rows].reverse()]) {
      const check = await checkFile(write('XBTUSD_60.csv', order))
      expect(check.outliers).toBe(2)
      expect(check.largestMove?.time).toBe(start + 20 * hour)
      expect(check.largestMove?.size).toBeGreaterThan(10)
    }
    expect(checkText(await checkData(folder))).toMatch(/2 outliers .*; the largest move is 1,\d\d\d\.\d\d % at 2024-01-01T20/)
  })

  it.each([
    ['some rows have none', (i: number) => (i % 4 === 0 ? 0 : 5 + i), '25 rows without volume (25.00 %)'],
    ['no row has any', () => 0, 'no row has a volume'],
    ['all are the same', () => 7, 'all rows have the same volume'],
    ['one is a thousand times the others', (i: number) => (i === 30 ? 8_192 : 4 + (i % 3)), 'the largest volume is 2,048 times'],
    ['they vary as volumes do', (i: number) => 1 + (i % 17), undefined],
  ])('volumes are looked over: %s', async (_, volume, says) => {
    write(
      'XBTUSD_60.csv',
      walk(100).map((row, i) => ({ ...row, volume: volume(i) })),
    )
    const text = checkText(await checkData(folder))
    if (says === undefined) expect(text).not.toMatch(/volume/)
    else expect(text).toContain(says)
  })

  it('of a stock has no gap at night, and one in the session', async () => {
    const nyse = sessionCalendar('NYSE')
    const rows = walk(70).map(row => row)
    for (let i = 0, time = nyse.after(start, 0, hour); i < rows.length; i++, time = nyse.after(time, 1, hour)) {
      const row = rows[i]
      if (row !== undefined) row.time = time
    }
    write(
      'AAPL_60.csv',
      rows.filter((_, i) => i !== 9),
    )
    expect(
      checkNotes(await checkData(folder).catch(() => ({ files: [], sources: [], unnamed: ['none'], unread: [], ok: true }))),
    ).toHaveLength(1)
    const instruments = new InstrumentTable(ownInstrumentsSchema.parse({ AAPL: { session: 'NYSE' } }))
    const { files } = await checkData(folder, { instruments })
    expect(files[0]).toMatchObject({ pair: 'AAPL', rows: 69, gaps: 1, missingRows: 1, longestGap: { time: rows[9]?.time } })
  })
})

describe('two sources of one pair', () => {
  const other = (rows: readonly Row[], change: (row: Row, i: number) => Row = row => row) => {
    write('XBTUSD_60.csv', rows)
    return write('binance_BTCUSDT-1h.csv', rows.map(change))
  }

  it('agree where closes lie together, and the largest difference has a place', async () => {
    const path = other(walk(200), (row, i) => ({ ...row, close: row.close * (i === 50 ? 1.004 : 1.0005) }))
    const { sources, ok } = await checkData(folder)
    expect(ok).toBe(true)
    expect(sources).toMatchObject([
      { pair: 'XXBTZUSD', timeframe: '1h', path, bars: 200, agree: true, largestAt: start + 50 * hour },
    ])
    expect(sources[0]?.medianDifference).toBeCloseTo(0.0005, 6)
    expect(sources[0]?.correlation).toBeGreaterThan(0.9)
    expect(checkText(await checkData(folder))).toMatch(
      / agree: 200 shared bars, closes differ by 0.05 % in the median and 0.40 % at most \(2024-01-03T02/,
    )
  })

  it('do not where one is moved in time, and the shift is found', async () => {
    const rows = walk(200)
    other(rows.slice(0, 197), (row, i) => ({ ...row, close: rows[i + 2]?.close ?? 1 }))
    const { sources } = await checkData(folder)
    expect(sources[0]).toMatchObject({ agree: false, shiftedBars: -2 })
    expect(checkText(await checkData(folder))).toMatch(
      /DO NOT AGREE.*lies 2 bars earlier than the other: is one of them in local time\?/,
    )
  })

  it('do not where they are two markets, or one is counted in another unit', async () => {
    const stranger = walk(200, 'another')
    other(walk(200), (_, i) => stranger[i] as Row)
    expect((await checkData(folder)).sources[0]).toMatchObject({ agree: false, shiftedBars: undefined })
    other(walk(200), row => ({ ...row, close: row.close * 100 }))
    const [source] = (await checkData(folder)).sources
    expect(source).toMatchObject({ agree: false })
    expect(source?.correlation).toBeCloseTo(1, 9)
  })

  it('are not compared where they only adjoin', async () => {
    const rows = walk(200)
    write('XBTUSD_60.csv', rows.slice(0, 100))
    write('BTCUSD_60.csv', rows.slice(100))
    expect((await checkData(folder)).sources).toEqual([])
  })
})
