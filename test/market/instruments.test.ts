/** Every name a pair goes by leads to the same instrument; every other name is refused with a hint. */

import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import {
  defaultPairs,
  findInstrument,
  formatTimeframe,
  instrument,
  instrumentFor,
  instruments,
  onGrid,
  parseTimeframe,
} from '../../src/market/index.js'

describe('instruments', () => {
  it('has the 18 pairs of the model, in its order', () => {
    expect(instruments.map(i => i.pair)).toEqual([...defaultPairs])
  })

  it('finds each of them by pair, Kraken id, altname, wsname, ccxt symbol, base and USDT spellings', () => {
    for (const i of instruments) {
      const names = [i.pair, i.krakenId, i.altname, i.wsname, i.ccxtSymbol, i.base, `${i.base}_USDT`, `${i.base}-usd`]
      for (const name of names) expect(findInstrument(name)?.pair, name).toBe(i.pair)
    }
  })

  it("knows Kraken's own spellings where they differ from the seed's", () => {
    expect(instrument('XLMUSD').krakenId).toBe('XXLMZUSD')
    expect(instrument('DOGEUSD')).toMatchObject({
      krakenId: 'XDGUSD',
      altname: 'XDGUSD',
      wsname: 'XDG/USD',
      ccxtSymbol: 'DOGE/USD',
    })
    expect(instrument('XXBTZUSD')).toMatchObject({ altname: 'XBTUSD', wsname: 'XBT/USD', ccxtSymbol: 'BTC/USD', tickSize: 0.1 })
  })

  it('finds renamed assets by their later names', () => {
    expect(instrument('POLUSD')).toMatchObject({ pair: 'MATICUSD', successor: 'POL' })
    expect(instrument('A/USD')).toMatchObject({ pair: 'EOSUSD', successor: 'A' })
  })

  it('gives no name to two instruments', () => {
    const names = instruments.flatMap(i => i.bases)
    expect(new Set(names).size).toBe(names.length)
  })

  it('refuses an unknown pair with the nearest known name', () => {
    expect(() => instrument('SOLUSF')).toThrow(OperatorError)
    expect(() => instrument('SOLUSF')).toThrow('Did you mean "SOLUSD"?')
    expect(() => instrument('BTX')).toThrow('Did you mean "BTC"?')
  })

  it('gives a made pair a generic instrument, and refuses a name that is no pair', () => {
    expect(instrumentFor('SYN019USD')).toMatchObject({
      pair: 'SYN019USD',
      base: 'SYN019',
      generic: true,
      lotDecimals: 8,
      takerFee: 0.004,
    })
    expect(instrumentFor('BTC/USD')).toBe(instrument('XXBTZUSD'))
    expect(() => instrumentFor('syn 19')).toThrow(OperatorError)
  })
})

describe('timeframes', () => {
  it('reads back what it writes', () => {
    for (const text of ['1s', '1m', '15m', '1h', '4h', '1d', '1w']) expect(formatTimeframe(parseTimeframe(text))).toBe(text)
  })

  it('refuses anything else with an example', () => {
    for (const text of ['', 'h', '0h', '1x', '1.5h', '-1h', '60'])
      expect(() => parseTimeframe(text)).toThrow('Try 1m, 15m, 1h or 1d.')
  })

  it('begins weeks on Mondays', () => {
    const monday = 1_704_067_200_000 // 2024-01-01
    expect(onGrid(monday, parseTimeframe('1w'))).toBe(true)
    expect(onGrid(monday + 86_400_000, parseTimeframe('1w'))).toBe(false)
    expect(onGrid(monday + 1, parseTimeframe('1h'))).toBe(false)
  })
})
