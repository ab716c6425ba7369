/** What a viewer shows of the order book: candles, the depth of now and of the last hour, the tape, and who holds what. */

import { depthOf } from '../../exchange/index.js'
import type { Panel, TableRow } from '../../model/index.js'
import type { OrderBookModel } from './book-model.js'
import { BANDS, depthRows } from './depth-history.js'

/** Prices of a side in the ladder, trades on the tape, and traders in the table. */
const [LADDER, TAPE, TRADERS] = [12, 30, 20] as const
const MS = 1_000

const candles: Panel<OrderBookModel> = {
  kind: 'candles',
  about: 'A candle a minute, in ticks; crosses are pauses of trading.',
  look({ rows }) {
    const minutes = rows('book_minutes')
    const column = (name: string) => minutes.map(row => row[name] as number)
    const marks = rows('book_pauses').map(({ time, tick, seconds }) => ({
      time: (time as number) * MS,
      price: tick as number,
      shape: 'cross' as const,
      group: 'pauses',
      label: 'pause',
      detail: [`Trading paused for ${String(seconds)} s: the price came to the edge of its band at ${String(tick)}.`],
    }))
    return {
      time: column('time').map(seconds => seconds * MS),
      open: column('open'),
      high: column('high'),
      low: column('low'),
      close: column('close'),
      volume: column('lots'),
      marks,
    }
  },
}

const ladder: Panel<OrderBookModel> = {
  kind: 'table',
  about: 'What waits in the book, the highest price first. What icebergs keep behind is not seen.',
  columns: ['bid lots', 'price', 'ask lots'],
  empty: 'Nobody bids or asks.',
  look({ model }) {
    const { book } = model.exchange
    const asks = depthOf(book, 'sell', LADDER).reverse()
    const bids = depthOf(book, 'buy', LADDER)
    return [
      ...asks.map(({ tick, lots }): TableRow => ({ cells: { 'bid lots': null, price: tick, 'ask lots': lots } })),
      ...bids.map(({ tick, lots }): TableRow => ({ cells: { 'bid lots': lots, price: tick, 'ask lots': null } })),
    ]
  },
}

const depth: Panel<OrderBookModel> = {
  kind: 'heatmap',
  about:
    'The book over the last hour: lots that wait, by distance from the middle in ten-thousandths of the price (upwards: asks).',
  unit: 'lots',
  look({ model }) {
    const { minutes, lotsAt } = depthRows(model.depths)
    const bands = Array.from({ length: 2 * BANDS }, (_, i) => 2 * BANDS - 1 - i)
    return {
      rows: bands.map(band => String(band < BANDS ? band - BANDS : band - BANDS + 1)),
      columns: minutes.map(minute => `${minute} min`),
      values: bands.flatMap(band => minutes.map(minute => lotsAt(minute, band))),
    }
  },
}

const tape: Panel<OrderBookModel> = {
  kind: 'table',
  about: 'The latest trades, the last one first.',
  empty: 'Nothing has traded.',
  look: ({ rows }) =>
    rows('book_trades')
      .slice(-TAPE)
      .reverse()
      .map(({ time, tick, lots, side, maker, taker }): TableRow => {
        const seconds = Math.round((time as number) * MS) / MS
        return {
          cells: {
            'time, s': seconds,
            side: side as string,
            price: tick as number,
            lots: lots as number,
            maker: maker as string,
            taker: taker as string,
          },
        }
      }),
}

const inventories: Panel<OrderBookModel> = {
  kind: 'table',
  about: 'The traders that hold or owe most; gains at the price in the middle, in ticks times lots.',
  empty: 'Nobody has traded.',
  look({ model }) {
    const { exchange } = model
    const mid = model.mid()
    return exchange.traders
      .map((trader, owner) => ({ trader, lots: exchange.lots[owner] ?? 0, cash: exchange.cash[owner] ?? 0 }))
      .filter(({ trader }) => trader.traded > 0)
      .sort((a, b) => Math.abs(b.lots) - Math.abs(a.lots) || a.trader.id - b.trader.id)
      .slice(0, TRADERS)
      .map(
        ({ trader, lots, cash }): TableRow => ({
          cells: { trader: trader.key, lots, traded: trader.traded, gain: Math.round(cash + lots * mid) },
        }),
      )
  },
}

const state: Panel<OrderBookModel> = {
  kind: 'text',
  about: 'What the exchange counts.',
  look({ model }) {
    const { book, pauses, fees } = model.exchange
    return {
      figures: { phase: book.phase, orders: book.orders.live, trades: book.trades, messages: model.messages, pauses, fees },
    }
  },
}

export const bookPanels = { candles, ladder, depth, tape, inventories, state }
