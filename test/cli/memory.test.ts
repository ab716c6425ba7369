import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { atHour, memoryRun, pastTrade, recollection } from '../report/memory-runs.js'
import { command } from './in-process.js'

/** Thirty trades with a rising RSI; every third was short, and every fifth of another pair. */
const trades = Array.from({ length: 30 }, (_, i) =>
  pastTrade(i, { direction: i % 3 === 2 ? -1 : 1, pair: i % 5 === 0 ? 'XXBTZUSD' : 'SOLUSD' }, { rsi: 20 + 2 * i }),
)
const folder = mkdtempSync(join(tmpdir(), 'mycelia-memory-'))
const run = memoryRun(trades, [], folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const nameOf = (i: number) => `mycelial:${i}:PatternLearner-3:0`

interface Listed {
  readonly trade: string
  readonly distance: number
  readonly side: string
  readonly pair: string
  readonly won: boolean
  readonly parts: Readonly<Record<string, number | null>>
}

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await command(['memory', ...args, run, '--json'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

describe('mycelia memory similar', () => {
  it('lists only trades that were closed before the entry, the nearest first, and the parts of each distance', async () => {
    const { closedBefore, nearest, recall } = await json('similar', nameOf(28))
    // Trade 28 is entered at hour 28; trade i is closed at hour i + 4, so 23 is the last before.
    expect(closedBefore).toBe(24)
    expect(nearest).toHaveLength(20)
    const found = nearest as Listed[]
    for (const { trade } of found) expect(Number(trade.split(':')[1])).toBeLessThan(24)
    expect(found.map(each => each.distance)).toEqual([...found.map(each => each.distance)].sort((a, b) => a - b))
    for (const { distance, parts } of found) {
      const sum = Object.values(parts).reduce<number>((all, part) => all + (part ?? 0), 0)
      expect(sum).toBeCloseTo(distance, 9)
    }
    const weight = found.reduce((all, { distance }) => all + 1 / (1 + distance), 0)
    const won = found.reduce((all, each) => all + (each.won ? 1 / (1 + each.distance) : 0), 0)
    expect(recall.factor).toBeCloseTo((2 * (10 + won)) / (20 + weight), 9)
  })

  it('prints two tables within 80 columns, and the record', async () => {
    const { stdout } = await command(['memory', 'similar', nameOf(28), run])
    const table = stdout.split('\n').slice(1, -2)
    for (const line of table) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(stdout).toMatch(/ +# +rsi +macd +band +atr +vol +reg +pred +moats +dir +trend\n/)
    expect(stdout).toMatch(/It multiplies a confidence by \d\.\d{3}\.\n$/)
    expect((await command(['memory', 'similar', nameOf(2), run])).stdout).toContain(
      '0 trades were closed before its entry, so memory had',
    )
  })

  it('refuses a trade that it does not know, with the nearest that it knows', async () => {
    const { code, stderr } = await command(['memory', 'similar', 'mycelial:28:PatternLerner-3:0', run])
    expect([code, stderr]).toEqual([2, expect.stringContaining(`Did you mean "${nameOf(28)}"?`)])
  })
})

describe('mycelia memory search', () => {
  it('ranks what fits by the features named alone, as people read them: a high RSI is high for longs and shorts', async () => {
    const { trades: found, fitting, near } = await json('search', 'losing SOL trades at high RSI')
    expect((found as Listed[]).every(({ won, pair }) => !won && pair === 'SOLUSD')).toBe(true)
    expect(fitting).toBe(trades.filter(t => t.pnlE6 <= 0 && t.pair === 'SOLUSD').length)
    expect(near).toEqual({ rsi: 76 })
    expect(found[0].trade).toBe(nameOf(29))
    const sides = (found as Listed[]).slice(0, 4).map(({ side }) => side)
    expect(new Set(sides)).toEqual(new Set(['long', 'short']))
    for (const { parts } of found as Listed[])
      expect(
        Object.entries(parts)
          .filter(([, part]) => part !== null)
          .map(([name]) => name),
      ).toEqual(['rsi'])
    const low = await json('search', 'shorts, low rsi')
    expect(low.trades[0].trade).toBe(nameOf(2))
  })

  it('takes a pair by any of its names, moats, agents and the market', async () => {
    const of = async (text: string) => (await json('search', text)).fitting as number
    const count = (fits: (i: number) => boolean) => trades.filter((_, i) => fits(i)).length
    expect(await of('winning XBT longs')).toBe(count(i => i % 2 === 0 && i % 5 === 0 && i % 3 !== 2))
    expect(await of('btc')).toBe(count(i => i % 5 === 0))
    expect(await of('government')).toBe(count(i => i % 3 === 0))
    expect(await of('trades of patternlearner-3 in a normal market')).toBe(30)
    expect(await of('stormy')).toBe(0)
  })

  it('lists the newest first where no feature is named', async () => {
    const { trades: found } = await json('search', 'longs')
    expect(found[0].trade).toBe(nameOf(28))
  })

  it.each([
    ['loosing longs', 'Unknown word "loosing" in the question. Did you mean "losing"?'],
    ['zzzzzzzz', 'It knows winning, losing, longs, shorts, calm, normal, stormy, high or low before'],
    ['high', 'after "high": expected a feature: rsi, macd'],
    ['high rzi', 'Did you mean "high rsi"?'],
  ])('refuses "%s" with what it knows', async (text, says) => {
    const { code, stderr } = await command(['memory', 'search', text, run])
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
  })
})

describe('mycelia memory check', () => {
  const nowhere = ['--chroma', 'http://127.0.0.1:9']
  const said = (decidedAt: number) =>
    memoryRun(trades, [
      recollection({
        idea_id: 'PatternLearner-3:40:0',
        decided_at: decidedAt,
        nearest: `${nameOf(1)} ${nameOf(20)} other:1:A:0`,
      }),
    ])

  it('finds each trade closed before its idea, and says what it could not check', async () => {
    const { code, stdout, stderr } = await command(['memory', 'check', said(atHour(24) + 1), ...nowhere])
    expect(code).toBe(0)
    expect(stdout).toBe(
      'Memory was asked about 1 ideas and named 3 past trades; 1 of them are of an earlier run: each was closed before the idea was decided.\n',
    )
    expect(stderr).toContain('No Chroma answers at http://127.0.0.1:9, so counts, orphans and embedding were not checked.')
  })

  it('catches a planted leak: a trade closed at the instant of the idea', async () => {
    const { code, stderr } = await command(['memory', 'check', said(atHour(24)), ...nowhere])
    expect(code).toBe(1)
    expect(stderr).toContain(
      `Memory saw the future: the idea PatternLearner-3:40:0, decided at 2024-01-02T00:00:00.000Z, was compared with the trade ${nameOf(20)}, closed at 2024-01-02T00:00:00.000Z.`,
    )
  })
})
