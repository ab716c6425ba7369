/** What a run of the order book writes down: its state each second, trades, minutes, pauses, and large orders. */

import { type ReadColumns, strictly } from '../../core/index.js'
import { type Collect, rowsOf } from '../../model/index.js'
import type { OrderBookModel } from './book-model.js'
import {
  type BookMinute,
  BookMinutes,
  type BookPause,
  BookPauses,
  type BookTradeNote,
  BookTrades,
  type FinishedMetaorder,
  Metaorders,
} from './topics.js'

const ticks = 'ticks'
const lots = 'lots'
const seconds = 's'

const modelColumns = {
  bid: {
    type: 'integer',
    unit: ticks,
    nullable: true,
    meaning: 'The highest bid; null: nobody bids.',
    read: m => m.second.bid || null,
  },
  ask: {
    type: 'integer',
    unit: ticks,
    nullable: true,
    meaning: 'The lowest ask; null: nobody asks.',
    read: m => m.second.ask || null,
  },
  last: {
    type: 'integer',
    unit: ticks,
    nullable: true,
    meaning: 'The latest trade; null: there is none.',
    read: m => m.second.last || null,
  },
  lots: { type: 'integer', unit: lots, meaning: 'Traded in this second.', read: m => m.second.lots },
  bid_lots: { type: 'integer', unit: lots, meaning: 'Seen at the highest bid.', read: m => m.second.bidLots },
  ask_lots: { type: 'integer', unit: lots, meaning: 'Seen at the lowest ask.', read: m => m.second.askLots },
  value: {
    type: 'real',
    unit: ticks,
    meaning: 'What a lot is worth, when a trader looked last.',
    read: m => m.fundamental.value,
  },
  trend_share: {
    type: 'real',
    meaning: 'Part of the switching traders that follow the trend; .5 where there are none.',
    read: m => m.trendShare,
  },
} satisfies ReadColumns<OrderBookModel>

const time = 'When, in seconds since the beginning.'

const tradeColumns = {
  time: { type: 'real', unit: seconds, meaning: time, read: t => t.time },
  tick: { type: 'integer', unit: ticks, meaning: 'The price.', read: t => t.tick },
  lots: { type: 'integer', unit: lots, meaning: 'Quantity.', read: t => t.lots },
  side: { type: 'text', meaning: '`buy` or `sell`: the order that came; in an auction `sell`.', read: t => t.side },
  maker: { type: 'text', meaning: 'Whose order waited, by `roster.key`.', read: t => t.maker },
  taker: { type: 'text', meaning: 'Whose order came, by `roster.key`.', read: t => t.taker },
} satisfies ReadColumns<BookTradeNote>

const minuteColumns = {
  time: { type: 'real', unit: seconds, meaning: 'The end of the minute, in seconds since the beginning.', read: m => m.time },
  open: { type: 'integer', unit: ticks, meaning: 'The first price.', read: m => m.open },
  high: { type: 'integer', unit: ticks, meaning: 'The highest price.', read: m => m.high },
  low: { type: 'integer', unit: ticks, meaning: 'The lowest price.', read: m => m.low },
  close: { type: 'integer', unit: ticks, meaning: 'The last price.', read: m => m.close },
  lots: { type: 'integer', unit: lots, meaning: 'Traded.', read: m => m.lots },
  bid: { type: 'integer', unit: ticks, meaning: 'The highest bid at the end; 0: nobody bids.', read: m => m.bid },
  ask: { type: 'integer', unit: ticks, meaning: 'The lowest ask at the end; 0: nobody asks.', read: m => m.ask },
} satisfies ReadColumns<BookMinute>

const pauseColumns = {
  time: { type: 'real', unit: seconds, meaning: time, read: p => p.time },
  tick: { type: 'integer', unit: ticks, meaning: 'The price at the edge of the band.', read: p => p.tick },
  seconds: { type: 'real', unit: seconds, meaning: 'How long trading pauses.', read: p => p.seconds },
} satisfies ReadColumns<BookPause>

const metaorderColumns = {
  time: { type: 'real', unit: seconds, meaning: 'When it was done, in seconds since the beginning.', read: o => o.time },
  side: { type: 'text', meaning: '`buy` or `sell`.', read: o => o.side },
  lots: { type: 'integer', unit: lots, meaning: 'Its size.', read: o => o.lots },
  seconds: { type: 'real', unit: seconds, meaning: 'How long it took.', read: o => o.seconds },
  start: { type: 'real', unit: ticks, meaning: 'The price in the middle when it began; 0: there was none.', read: o => o.start },
  average: { type: 'real', unit: ticks, meaning: 'Its mean price.', read: o => o.average },
  end: { type: 'real', unit: ticks, meaning: 'The price in the middle when it was done.', read: o => o.end },
} satisfies ReadColumns<FinishedMetaorder>

export const bookCollect: Collect<OrderBookModel> = {
  model: strictly(modelColumns),
  messages: {
    book_trades: rowsOf({ topics: [BookTrades], columns: strictly(tradeColumns) }),
    book_minutes: rowsOf({ topics: [BookMinutes], columns: strictly(minuteColumns) }),
    book_pauses: rowsOf({ topics: [BookPauses], columns: strictly(pauseColumns) }),
    metaorders: rowsOf({ topics: [Metaorders], columns: strictly(metaorderColumns) }),
  },
  roster: true,
}
