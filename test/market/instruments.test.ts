/** Every name a pair goes by leads to the same instrument; every other name is refused with a hint. */

import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import {
  defaultPairs,
  formatTimeframe,
  InstrumentTable,
  instrument,
  instruments,
  onGrid,
  ownInstrumentsSchema,
  parseTimeframe,
  standardInstruments,
} from '../../src/market/index.js'

describe('instruments', () => {
  it('has the 18 pairs of the model, in its order', () => {
    expect(instruments.map(i => i.pair)).toEqual([...defaultPairs])
  })

  it('finds each of them by pair, Kraken id, altname, wsname, ccxt symbol, base and USDT spellings', () => {
    for (const i of instruments) {
      const names = [i.pair, i.krakenId, i.altname, i.wsname, i.ccxtSymbol, i.base, `${i.base}_USDT`, `${i.base}-usd`]
      for (const name of names) expect(instrument(name).pair, name).toBe(i.pair)
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
    expect(instrument('SYN019USD')).toMatchObject({
      pair: 'SYN019USD',
      base: 'SYN019',
      quote: 'USD',
      generic: true,
      lotDecimals: null,
    })
    expect(instrument('BTC/USD')).toBe(instrument('XXBTZUSD'))
    expect(() => instrument('syn 19')).toThrow(OperatorError)
  })
})

describe('any instrument', () => {
  it.each([
    ['XRPUSD', 'XRPUSD', 'XRP', 'USD'],
    ['xrp/usd', 'XRPUSD', 'XRP', 'USD'],
    ['XXRPZUSD', 'XRPUSD', 'XRP', 'USD'],
    ['XRP_USDT', 'XRPUSDT', 'XRP', 'USDT'],
    ['BTCEUR', 'BTCEUR', 'BTC', 'EUR'],
    ['USDTUSD', 'USDTUSD', 'USDT', 'USD'],
    ['T/USD', 'TUSD', 'T', 'USD'],
  ])('%s is in no table: it gets generic rules, and its quote is read', (name, pair, base, quote) => {
    const rules = { tickSize: null, lotDecimals: null, orderMin: 0, costMinUsd: 0.5, generic: true }
    expect(instrument(name)).toMatchObject({ pair, base, quote, ...rules })
  })

  it('XBT and BTC, XDG and DOGE are one asset in every currency', () => {
    for (const name of ['XBTEUR', 'BTCEUR', 'XXBTZEUR', 'xbt/eur', 'BTC-EUR'])
      expect(instrument(name), name).toMatchObject({ pair: 'BTCEUR', base: 'BTC', quote: 'EUR', generic: true })
    expect(instrument('XBTEUR')).toMatchObject({
      krakenId: 'XXBTZEUR',
      altname: 'XBTEUR',
      wsname: 'XBT/EUR',
      ccxtSymbol: 'BTC/EUR',
    })
    expect(instrument('BTCUSDC')).toMatchObject({ krakenId: 'XBTUSDC', altname: 'XBTUSDC' })
    expect(instrument('XDGEUR')).toMatchObject({ pair: 'DOGEEUR', altname: 'XDGEUR' })
    expect(instrument('XBTEUR').bases).toContain('BTC')
    const own = new InstrumentTable({ XBTEUR: { orderMin: 2 } })
    for (const name of ['XBTEUR', 'BTC/EUR']) expect(own.instrument(name).orderMin).toBe(2)
  })

  it('reads that a name says USDT, also where the pair of the table is in USD', () => {
    expect(standardInstruments.read('BTC_USDT')).toMatchObject({ quote: 'USDT', instrument: { pair: 'XXBTZUSD', quote: 'USD' } })
  })

  it('takes what one’s own data says, and the rest from the table or the generic rules', () => {
    const own = new InstrumentTable({
      XRPUSD: { tickSize: 1e-5, orderMin: 10 },
      BTCUSD: { costMin: 5 },
      ETHBTC: { quote: 'BTC' },
      AAPL: { lotDecimals: 0, session: 'NYSE' },
    })
    expect(own.instrument('xrp-usd')).toMatchObject({ tickSize: 1e-5, orderMin: 10, lotDecimals: null, generic: false })
    expect(own.instrument('XXBTZUSD')).toMatchObject({ tickSize: 0.1, orderMin: 0.00005, costMinUsd: 5 })
    expect(own.instrument('ETHBTC')).toMatchObject({ base: 'ETH', quote: 'BTC', tickSize: null })
    expect(own.instrument('aapl')).toMatchObject({ base: 'AAPL', quote: 'USD', lotDecimals: 0 })
    expect(own.calendar('AAPL')?.daysAYear).toBe(252)
    expect(own.calendar('XRPUSD')).toBeUndefined()
    expect(own.instrument('SOLUSD')).toBe(instrument('SOLUSD'))
    expect(() => own.instrument('APL')).toThrow('Did you mean "AAPL"?')
  })

  it('a share or a pair in another currency that is named like a coin is not the coin', () => {
    const own = new InstrumentTable({
      ATOM: { session: 'NYSE' },
      LINK: { quote: 'EUR' },
      SOL: { orderMin: 3 },
      DOTUSD: { quote: 'EUR' },
    })
    expect(own.instrument('atom')).toMatchObject({ pair: 'ATOM', base: 'ATOM', orderMin: 0, tickSize: null, session: 'NYSE' })
    expect(own.instrument('LINK')).toMatchObject({ pair: 'LINK', quote: 'EUR', tickSize: null })
    expect(own.instrument('ATOMUSD')).toBe(instrument('ATOMUSD'))
    expect(own.calendar('ATOM/USD')).toBeUndefined()
    expect(own.instrument('SOL/USD')).toMatchObject({ pair: 'SOLUSD', orderMin: 3, tickSize: 0.01 })
    expect(own.instrument('DOT')).toMatchObject({ pair: 'DOTUSD', quote: 'EUR', tickSize: 0.0001 })
  })

  it.each([
    [{ xrpusd: {} }, /capital letters/],
    [{ XRPUSD: { tickSize: 0 } }, />0/],
    [{ XRPUSD: { lotDecimals: 2.5 } }, /int/],
    [{ XRPUSD: { tick: 1 } }, /tick/],
    [{ XRPUSD: null }, /object/],
    [{ AAPL: { session: 'NYSW' } }, /NYSE/],
  ])('refuses %j as data', (given, why) => {
    const { error } = ownInstrumentsSchema.safeParse(given)
    expect(JSON.stringify(error?.issues)).toMatch(why)
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
