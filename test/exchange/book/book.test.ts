/** The order book against a naive one: 20,000 random commands by day, 200,000 at night; a failure prints its seed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BookListener,
  type BookOrder,
  type BookTerms,
  bestAsk,
  bestBid,
  cancelInBook,
  expireInBook,
  modifyInBook,
  newBook,
  type OrderBook,
  setBand,
  startAuction,
  submitToBook,
  uncross,
} from '../../../src/exchange/index.js'
import { times } from '../../tier.js'
import { NaiveBook } from './naive-book.js'
import { queueOf } from './queue.js'

const TICKS = 40
type Note = readonly (string | number | boolean)[]

function listener() {
  const notes: Note[] = []
  const on: BookListener = {
    accepted: (id, owner) => notes.push(['accepted', id, owner]),
    rejected: (owner, code) => notes.push(['rejected', owner, code]),
    traded: t =>
      notes.push([
        'traded',
        t.makerId,
        t.takerId,
        t.makerOwner,
        t.takerOwner,
        t.takerBuys,
        t.tick,
        t.lots,
        t.makerLeft,
        t.takerLeft,
      ]),
    ended: (id, owner, end, left) => notes.push(['ended', id, owner, end, left]),
  }
  return { notes, on }
}

type Command =
  | { readonly kind: 'submit'; readonly order: BookOrder }
  | { readonly kind: 'cancel'; readonly nth: number; readonly owner: number }
  | { readonly kind: 'expire'; readonly nth: number; readonly owner: number }
  | { readonly kind: 'modify'; readonly nth: number; readonly lots: number; readonly limit: number }
  | { readonly kind: 'auction'; readonly tick: number }
  | { readonly kind: 'uncross'; readonly tick: number }
  | { readonly kind: 'band'; readonly tick: number }

const tick = fc.integer({ min: 1, max: TICKS - 1 })
const near = fc.integer({ min: 14, max: 26 })
const owner = fc.integer({ min: 0, max: 4 })
const order: fc.Arbitrary<BookOrder> = fc
  .record({
    owner,
    side: fc.constantFrom('buy' as const, 'sell' as const),
    lots: fc.integer({ min: 1, max: 9 }),
    limit: fc.oneof({ weight: 8, arbitrary: near }, { weight: 1, arbitrary: tick }, { weight: 2, arbitrary: fc.constant(null) }),
    stop: fc.option(near, { freq: 8, nil: undefined }),
    show: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 6, nil: undefined }),
    force: fc.option(fc.constantFrom('immediate' as const, 'whole' as const), { freq: 8, nil: undefined }),
    postOnly: fc.option(fc.constant(true), { freq: 8, nil: undefined }),
  })
  .map(({ stop, show, force, postOnly, ...rest }) => ({
    ...rest,
    ...(stop !== undefined && { stop }),
    ...(show !== undefined && { show }),
    ...(force !== undefined && { force }),
    ...(postOnly !== undefined && { postOnly }),
  }))
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: order.map(order => ({ kind: 'submit' as const, order })) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel' as const), nth: fc.nat(60), owner }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), nth: fc.nat(60), owner }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('modify' as const),
      nth: fc.nat(60),
      lots: fc.integer({ min: 1, max: 9 }),
      limit: near,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ kind: fc.constant('auction' as const), tick: near }),
      fc.record({ kind: fc.constant('uncross' as const), tick: near }),
    ),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('band' as const), tick: near }) },
)

/** The fast book and the naive one, given the same commands. */
class Both {
  readonly fast = listener()
  readonly slow = listener()
  readonly book: OrderBook
  readonly naive: NaiveBook

  constructor(terms: BookTerms) {
    this.book = newBook(terms)
    this.naive = new NaiveBook(terms, this.slow.on)
  }

  do(command: Command): void {
    const { book, naive } = this
    const on = this.fast.on
    if (command.kind === 'submit') {
      const id = submitToBook(book, command.order, on)
      const code = this.fast.notes.find(([kind], i) => kind === 'rejected' && i === this.fast.notes.length - 1)?.[2]
      expect(code, 'a rejection has its reason').toBe(id === 0 ? this.whyNot(command.order) : undefined)
      if (id === 0) this.fast.notes.pop()
      else naive.submit(command.order, id)
    } else if (command.kind === 'auction') {
      startAuction(book)
      naive.phase = 'auction'
    } else if (command.kind === 'uncross') {
      if (naive.phase !== 'auction') return
      expect(uncross(book, command.tick, on)?.tick ?? 0).toBe(naive.uncross(command.tick))
    } else if (command.kind === 'band') {
      if (naive.phase === 'auction') return
      setBand(book, command.tick, 0.25, on)
      naive.setBand(Math.ceil(command.tick * 0.75), Math.floor(command.tick * 1.25))
    } else {
      const target = naive.orders[command.nth % Math.max(1, naive.orders.length)]
      const id = target?.id ?? 12_345
      if (command.kind === 'cancel') expect(cancelInBook(book, id, command.owner, on)).toBe(naive.cancel(id, command.owner))
      else if (command.kind === 'modify') {
        const { lots, limit } = command
        expect(modifyInBook(book, id, target?.owner ?? 0, { lots, limit }, on)).toBe(
          naive.modify(id, target?.owner ?? 0, lots, limit),
        )
      } else {
        expect(expireInBook(book, id, on)).toBe(target !== undefined)
        naive.orders = naive.orders.filter(o => o !== target)
        if (target !== undefined) this.slow.on.ended(id, target.owner, 'expired', target.left)
      }
    }
    this.agree()
  }

  private agree(): void {
    const { book, naive } = this
    expect(this.fast.notes.splice(0)).toEqual(this.slow.notes.splice(0))
    for (const side of ['buy', 'sell'] as const)
      expect(queueOf(book, side).map(({ id, tick, shown, hidden }) => [id, tick, shown, hidden])).toEqual(
        naive.side(side === 'buy').map(({ id, tick, shown, left }) => [id, tick, shown, left - shown]),
      )
    expect(book.orders.live).toBe(naive.orders.length)
    if (book.phase === 'continuous' && bestBid(book) > 0 && bestAsk(book) > 0) expect(bestBid(book)).toBeLessThan(bestAsk(book))
  }

  private whyNot({ owner, side, lots, limit, stop, show, force, postOnly }: BookOrder): string {
    const { naive } = this
    const buys = side === 'buy'
    const waits = limit !== null && force === undefined
    if (show !== undefined && show > lots) return 'badQuantity'
    if (!waits && (show !== undefined || postOnly)) return 'unsupported'
    if (stop !== undefined && (force === 'whole' || postOnly)) return 'unsupported'
    if (naive.phase === 'auction' && force !== undefined) return 'phase'
    const worst = limit ?? (buys ? TICKS - 1 : 1)
    const [first] = naive.side(!buys)
    const clamped = buys ? Math.min(worst, naive.band[1]) : Math.max(worst, naive.band[0])
    if (postOnly && first !== undefined && (buys ? first.tick <= clamped : first.tick >= clamped)) return 'wouldTrade'
    return force === 'whole' && naive.available(owner, buys, worst) < lots ? 'cannotFill' : 'none'
  }
}

describe('an order book', () => {
  it.each(['cancelNewest', 'cancelOldest', 'cancelBoth', 'allow'] as const)(
    'does with random commands what a naive book does, event by event and queue by queue (self-trade: %s)',
    selfTrade => {
      fc.assert(
        fc.property(fc.array(command, { minLength: 250, maxLength: 250 }), commands => {
          const both = new Both({ ticks: TICKS, selfTrade })
          for (const c of commands) both.do(c)
        }),
        { numRuns: times(20, 200) },
      )
    },
  )
})
