/** The tables a user may bring: read in any order of columns, and refused by file, line and column where they are wrong. */
import { describe, expect, it } from 'vitest'
import { readCatalog, readHistoricalTrades, readNewsSignals, readPreferences, readTimeSeries } from '../../../src/feed/index.js'
import { headlineOf, headlinesIn } from '../../../src/feed/tokens/rss.js'
import { csvCell } from '../../../src/storage/export-table.js'
import { CURVED, POOLED } from '../../standins/tokens.js'

const at = '2024-01-01T12:00:00Z'
const trade = 'user_id,token_mint,action,amount,price,timestamp'

describe('a table', () => {
  it('is read with a byte order mark, CRLF, quotes, columns in another order, and empty cells', () => {
    const text = `\uFEFFlist,token_mint,risk\r\nblack,${CURVED},\r\n,"${POOLED}",0.5\r\n\r\n`
    expect(readCatalog(text, 'c.csv')).toEqual([
      { token_mint: CURVED, strategy: 'any', stage: 'any', risk: null, creator_reputation: null, list: 'black' },
      { token_mint: POOLED, strategy: 'any', stage: 'any', risk: 0.5, creator_reputation: null, list: 'none' },
    ])
    const news = readNewsSignals(`time,token_mint,mood,title\n2024-01-02,${CURVED},-1,"a, ""b"""\n${at},${CURVED},1,x\n`, 'n.csv')
    expect(news.map(({ mood, title }) => [mood, title])).toEqual([
      [1, 'x'],
      [-1, 'a, "b"'],
    ])
  })

  it('gives a user all consents of his rows, and one profile', () => {
    const rows = `bob,swing,0.5,all,${at},\nbob,swing,0.5,${CURVED},,\n`
    expect(readPreferences(`user_id,profile,base_size_sol,category,from,until\n${rows}`, 'p.csv')).toEqual([
      {
        user: 'bob',
        profile: 'swing',
        baseSizeSol: 0.5,
        consents: [
          { category: 'all', from: Date.parse(at), until: Number.MAX_SAFE_INTEGER, source: 'file' },
          { category: CURVED, from: 0, until: Number.MAX_SAFE_INTEGER, source: 'file' },
        ],
      },
    ])
  })

  it('that was exported with formulas as text comes back as it was', () => {
    for (const user of ['=1+1', '+1', '-1', '@sum(a1)', 'plain', "'quoted", 'a,"b"']) {
      const cell = csvCell(user)
      expect(/^"?[=+\-@]/.test(cell)).toBe(false)
      const [row] = readHistoricalTrades(`${trade}\n${cell},${CURVED},buy,1,0.1,${at}\n`, 'h.csv')
      expect(row?.user_id).toBe(user)
    }
  })

  const wrongs: readonly [string, () => unknown, RegExp][] = [
    [
      'a mint that is none',
      () => readCatalog(`token_mint\nSOL\n`, 'c.csv'),
      /^c\.csv:2:1: expected a mint: 32 bytes in base58, got "SOL"/,
    ],
    ['a mint twice', () => readCatalog(`token_mint\n${CURVED}\n${CURVED}\n`, 'c.csv'), /^c\.csv:3:1: expected every mint once/],
    ['an unknown column', () => readCatalog(`token_mint,lst\n`, 'c.csv'), /column at c\.csv:1:12 "lst"\. Did you mean "list"/],
    ['a column twice', () => readCatalog(`token_mint,list,list\n`, 'c.csv'), /^c\.csv:1:17: expected every column once/],
    ['a column that is missing', () => readNewsSignals(`time,mood\n`, 'n.csv'), /^n\.csv:1:1: expected the column token_mint/],
    [
      'cells that are missing',
      () => readNewsSignals(`time,token_mint,mood\n${at},${CURVED}\n`, 'n.csv'),
      /^n\.csv:2:1: expected 3 cells, got "2"/,
    ],
    [
      'a quote that is not closed',
      () => readNewsSignals(`time,token_mint,mood\n"${at},x,1\n`, 'n.csv'),
      /^n\.csv:2:1: expected a closing quote/,
    ],
    [
      'a mood of 2',
      () => readNewsSignals(`time,token_mint,mood\n${at},${CURVED},2\n`, 'n.csv'),
      /^n\.csv:2:67: expected a number from -1 to 1, got "2"/,
    ],
    [
      'a time that is none',
      () => readTimeSeries(`time,token_mint,price\nsoon,${CURVED},1\n`, 't.csv'),
      /^t\.csv:2:1: expected a time/,
    ],
    [
      'a price of NaN',
      () => readTimeSeries(`time,token_mint,price\n${at},${CURVED},NaN\n`, 't.csv'),
      /^t\.csv:2:67: expected a number above 0/,
    ],
    [
      'two prices of one instant',
      () => readTimeSeries(`time,token_mint,price\n${at},${CURVED},1\n${at},${CURVED},2\n`, 't.csv'),
      /^t\.csv:3:1: expected one price/,
    ],
    [
      'a negative amount',
      () => readHistoricalTrades(`${trade}\nbob,${CURVED},buy,-1,1,${at}\n`, 'h.csv'),
      /^h\.csv:2:54: expected a whole number from 0 to 2\^64/,
    ],
    [
      'an amount of NaN',
      () => readHistoricalTrades(`${trade}\nbob,${CURVED},buy,NaN,1,${at}\n`, 'h.csv'),
      /^h\.csv:2:54: expected a whole number/,
    ],
    [
      'an amount of 2⁶⁴',
      () => readHistoricalTrades(`${trade}\nbob,${CURVED},buy,18446744073709551616,1,${at}\n`, 'h.csv'),
      /^h\.csv:2:54/,
    ],
    [
      'a transaction twice',
      () => readHistoricalTrades(`${trade},transaction_id\na,${CURVED},buy,1,1,${at},x\na,${CURVED},buy,1,1,${at},x\n`, 'h.csv'),
      /^h\.csv:3:\d+: expected every transaction id once/,
    ],
    [
      'two profiles of a user',
      () => readPreferences('user_id,profile,base_size_sol\nbob,swing,1\nbob,scalper,1\n', 'p.csv'),
      /^p\.csv:3:5: expected swing, as in an earlier row of this user, got "scalper"/,
    ],
  ]
  it.each(wrongs)('with %s is refused by its place', (_, read, says) => expect(read).toThrow(says))
})

describe('headlines', () => {
  it('are read from RSS and Atom, and name a token by its symbol as a word, or by its mint', () => {
    const atom =
      '<feed><entry><title type="text">Big &#x1F680; DOG</title><updated>2024-01-01T00:00:00Z</updated></entry><entry><title>x</title></entry></feed>'
    expect(headlinesIn(atom)).toEqual([{ title: 'Big 🚀 DOG', time: Date.UTC(2024, 0, 1) }])
    const lines = [
      { title: 'Hotdogs are cheap', time: 3 },
      { title: '$dog rises', time: 1 },
      { title: 'The DOG falls', time: 2 },
    ]
    expect(headlineOf(lines, { mint: CURVED, symbol: 'DOG' })?.time).toBe(2)
    expect(headlineOf(lines, { mint: CURVED, symbol: 'is' })).toBeNull()
    expect(headlineOf([{ title: `see ${CURVED}`, time: 9 }], { mint: CURVED, symbol: '' })?.time).toBe(9)
    expect(headlineOf(lines, { mint: CURVED, symbol: '.*+' })).toBeNull()
    const named = [{ title: 'Buy A-B C_🐶 now', time: 3 }]
    expect(headlineOf(named, { mint: CURVED, symbol: 'A-B C_🐶' })?.time).toBe(3)
    expect(() => headlinesIn('<html><body>busy</body></html>')).toThrow(/no RSS/)
  })
})
