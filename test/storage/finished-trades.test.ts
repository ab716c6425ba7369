import { join } from 'node:path'
import { expect, test } from 'vitest'
import { finishedTrade, finishedTradePages, TradeLedger } from '../../src/storage/index.js'
import { pastTradeOf } from '../../src/trading/index.js'
import { temporary, trade } from './support.js'

const mycelial = (i: number, over: object = {}) => ({
  ...trade(i, 'mycelial'),
  pattern: 'code:Rust|level|1|SOLUSD|4',
  prediction: -0.0123,
  features: { rsi: 61.25, macd: -0.5, bollinger: 0.9, atr: 0.013, volume: null, regime: 2, trend: 1.75 },
  ...over,
})

function ledgerOf(...trades: readonly ReturnType<typeof trade>[]): string {
  const path = join(temporary(), 'trades.db')
  const ledger = TradeLedger.open(path, 'r')
  for (const each of trades) ledger.trade(each, 1)
  ledger.close()
  return path
}

test('a finished trade read back from the ledger is the same past trade, to the last bit', () => {
  const made = mycelial(1)
  const path = ledgerOf(made)
  const read = finishedTrade(path, made.tradeId)
  expect(read === undefined ? undefined : pastTradeOf(read)).toEqual(pastTradeOf(made))
  expect(pastTradeOf(made)).toMatchObject({ moat: 'code', closedAt: made.exitTime })
})

test('finished trades are read in pages, those of the mycelial portfolio alone', () => {
  const path = ledgerOf(mycelial(1), trade(2, 'baseline'), mycelial(3), mycelial(4, { pattern: null }))
  const pages = [...finishedTradePages(path, 2)]
  expect(pages.map(page => page.map(t => t.row))).toEqual([[1, 3], [4]])
  expect(pages.flat().map(t => pastTradeOf(t).moat)).toEqual(['code', 'code', null])
  expect(finishedTrade(path, trade(2, 'baseline').tradeId)).toBeUndefined()
})
