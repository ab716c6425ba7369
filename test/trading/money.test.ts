import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, notionalE6 } from '../../src/core/index.js'
import { illegalEvents, rejectCodes } from '../../src/exchange/index.js'
import {
  closePortfolio,
  equityE6,
  type Fill,
  grossE6,
  type Halt,
  haltPortfolio,
  newPortfolio,
  type Portfolio,
  portfolioOnBar,
  portfolioOnMarketTrade,
  portfolioOnStep,
  type Trade,
} from '../../src/trading/index.js'
import { auditPortfolio, bar, HOUR, lock, losePrice, noFeatures, settings, signal, submitNow, T0 } from './support.js'

const seed = Number(process.env.MYCELIA_TEST_SEED ?? 20_240_229)
const pairs = ['A', 'B', 'C']
const halt = (on: boolean): Halt => lock({ on })

/** The portfolio's money as an independent accountant keeps it: from fills and trades alone, in BigInt. */
class Accountant {
  step = 0
  cash: bigint
  halted = false
  readonly open = new Map<string, Fill>()
  closed = 0
  entries = 0
  constructor(readonly portfolio: Portfolio) {
    this.cash = BigInt(portfolio.startE6)
  }
  get time(): number {
    return T0 + this.step * HOUR
  }
  fill = (f: Fill): void => {
    const order = [...this.portfolio.broker.orders.live.values()].find(o => o.clientId === f.tradeId)
    expect(order === undefined || f.qtyE8 <= order.qtyE8).toBe(true)
    expect(f.notionalE6).toBe(notionalE6(f.priceUsd, f.qtyE8))
    this.cash += BigInt(f.side === 'sell' ? f.notionalE6 : -f.notionalE6) - BigInt(f.feeE6)
    if (f.opens) {
      this.entries++
      expect(this.halted).toBe(false)
      expect(this.open.has(f.pair)).toBe(false)
      this.open.set(f.pair, f)
      expect(grossE6(this.portfolio)).toBeLessThanOrEqual(equityE6(this.portfolio))
    }
  }
  trade = (t: Trade): void => {
    const entry = this.open.get(t.pair)
    expect(entry).toMatchObject({ tradeId: t.tradeId, qtyE8: t.qtyE8, notionalE6: t.entryNotionalE6 })
    this.open.delete(t.pair)
    this.closed++
    this.cash -= BigInt(t.borrowE6)
    expect(t.pnlE6).toBe(t.direction * (t.exitNotionalE6 - t.entryNotionalE6) - t.feesE6 - t.borrowE6)
  }
  audit(): void {
    const { portfolio } = this
    expect(BigInt(portfolio.cashE6)).toBe(this.cash)
    expect(auditPortfolio(portfolio)).toBe(0)
    expect(portfolio.held.map(s => s.pair).sort()).toEqual([...this.open.keys()].sort())
    const { orders } = portfolio.broker
    const waiting = [...portfolio.instruments.values()].flatMap(s => [s.entry?.order ?? null, s.exit]).filter(o => o !== null)
    expect(waiting.map(o => o.id).sort()).toEqual([...orders.live.keys()].sort())
    expect([...portfolio.entries.keys()]).toEqual([...orders.live.values()].filter(o => !o.reduces).map(o => o.id))
    for (const kind of illegalEvents) expect(orders.illegal[kind]).toBe(0)
    for (const code of rejectCodes) expect(orders.rejected[code]).toBe(0)
    for (const s of portfolio.held)
      if (s.position !== null) expect(s.position.markE6 >= 0 || Number.isNaN(s.position.markE6)).toBe(true)
    expect(
      Number.isSafeInteger(portfolio.cashE6) &&
        Number.isSafeInteger(portfolio.feesE6) &&
        Number.isSafeInteger(portfolio.borrowE6),
    ).toBe(true)
  }
}

type Real = { accountant: Accountant }
type Command = fc.Command<object, Real>
let commandsRun = 0

function command(name: string, run: (accountant: Accountant) => void): Command {
  return {
    check: () => true,
    run: (_, { accountant }) => {
      commandsRun++
      run(accountant)
      accountant.audit()
    },
    toString: () => name,
  }
}

/** Fractions in thousandths: fast-check's doubles are uniform over representations, so nearly all are tiny. */
const share = (most: number) => fc.integer({ min: 0, max: most }).map(x => x / 1_000)
const price = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 8_000, max: 12_500 }).map(x => x / 100) },
  { weight: 1, arbitrary: fc.double({ min: 1e-4, max: 1e5, noNaN: true }) },
)
const anyPair = fc.constantFrom(...pairs)

const [bars, signals, trades, ...rare] = [
  fc
    .record({
      moves: fc.array(price, { minLength: 3, maxLength: 3 }),
      reach: share(200),
      flags: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 8),
    })
    .map(({ moves, reach, flags }) =>
      command(`bars ${JSON.stringify({ moves, reach, flags })}`, accountant => {
        moves.forEach((open, i) => {
          const close = open * (1 + (i - 1) * reach)
          portfolioOnBar(
            accountant.portfolio,
            bar(accountant.step, open, {
              pair: pairs[i] ?? '',
              close,
              high: Math.max(open, close) * (1 + reach),
              low: Math.min(open, close) * (1 - reach),
              flags,
            }),
            accountant,
          )
        })
        accountant.step++
        portfolioOnStep(accountant.portfolio, accountant)
      }),
    ),
  fc
    .record({
      pair: anyPair,
      direction: fc.constantFrom<1 | -1>(1, -1),
      horizonBars: fc.integer({ min: 1, max: 6 }),
      confidence: fc.constantFrom(1, 1, 0.5, 0.49),
      atr: share(100),
    })
    .map(({ atr, ...s }) =>
      command(`signal ${JSON.stringify({ ...s, atr })}`, accountant => {
        const before = accountant.portfolio.broker.orders.accepted
        const outcome = submitNow(accountant.portfolio, signal({ ...s, features: { ...noFeatures, atr } }), accountant)
        if (accountant.halted) expect(outcome).not.toBe('entry')
        if (outcome === 'entry' || outcome === 'exit') expect(accountant.portfolio.broker.orders.accepted).toBe(before + 1)
      }),
    ),
  fc
    .record({ pair: anyPair, price, ms: fc.integer({ min: 0, max: HOUR }) })
    .map(t =>
      command(`trade ${JSON.stringify(t)}`, accountant =>
        portfolioOnMarketTrade(
          accountant.portfolio,
          { pair: t.pair, price: t.price, volume: 1, time: accountant.time + t.ms },
          accountant,
        ),
      ),
    ),
  fc.constantFrom(true, false, false, false).map(on =>
    command(`halt ${on}`, accountant => {
      accountant.halted = on
      haltPortfolio(accountant.portfolio, halt(on))
    }),
  ),
  anyPair.map(pair => command(`lose ${pair}`, accountant => losePrice(accountant.portfolio, pair))),
  fc.constant(0).map(() => command('close all', accountant => closePortfolio(accountant.portfolio, accountant, accountant))),
]

const commands = [bars, bars, bars, signals, signals, signals, signals, trades, trades, trades, trades, ...rare].filter(
  c => c !== undefined,
)

describe('R4: money is conserved', () => {
  it.each(['bars', 'ticks'] as const)('by any sequence of events, filling on %s, to the last unit', fillOn => {
    commandsRun = 0
    let entries = 0
    let closed = 0
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 200, size: '+1' }), cmds => {
        const over = {
          feeRate: 0.004,
          halfSpread: 0.001,
          slippage: 0.001,
          borrowRatePerDay: 0.01,
          stopAtr: 2,
          targetAtr: 3,
          sizeShare: 0.5,
          grossLimit: 1,
          latencyMs: 100,
          fillOn,
        }
        const rules = { lotE8: 1_000, minQtyE8: 1_000, minCostE6: 500_000, tickUsd: 0.0001 }
        const accountant = new Accountant(
          newPortfolio(
            'mycelial',
            settings(over),
            pairs.map(p => [p, rules] as const),
          ),
        )
        fc.modelRun(() => ({ model: {}, real: { accountant } }), cmds)
        closePortfolio(accountant.portfolio, accountant, accountant)
        accountant.audit()
        expect(equityE6(accountant.portfolio)).toBe(accountant.portfolio.cashE6)
        entries += accountant.entries
        closed += accountant.closed
      }),
      { numRuns: 200, seed },
    )
    console.log(`R4 ${fillOn}: seed ${seed}, ${commandsRun} commands, ${entries} entries, ${closed} trades`)
    expect(commandsRun).toBeGreaterThanOrEqual(5_000)
    expect(entries).toBeGreaterThan(200)
    expect(closed).toBe(entries)
  })

  it('each fee and each borrowing charge is one rounding of its notional', () => {
    const portfolio = newPortfolio('mycelial', settings({ feeRate: 0.0033, borrowRatePerDay: 0.0007 }), [
      ['A', { lotE8: 1, minQtyE8: 1, minCostE6: 0, tickUsd: 0 }],
    ])
    const trades: Trade[] = []
    const events = { fill: () => undefined, trade: (t: Trade) => trades.push(t) }
    portfolioOnBar(portfolio, bar(0, 3.7), events)
    submitNow(portfolio, signal({ direction: -1, horizonBars: 5 }), { step: 1, time: T0 + HOUR })
    for (let h = 1; h < 8; h++) {
      portfolioOnBar(portfolio, bar(h, 3.7 + h / 7), events)
      portfolioOnStep(portfolio, { step: h + 1, time: T0 + (h + 1) * HOUR })
    }
    const [t] = trades
    if (t === undefined) throw new Error('no trade')
    expect(t.feesE6).toBe(Math.round(t.entryNotionalE6 * 0.0033) + Math.round(t.exitNotionalE6 * 0.0033))
    expect(t.borrowE6).toBe(Math.round((t.entryNotionalE6 * 0.0007 * (t.exitTime - t.entryTime)) / DAY_MS))
  })
})
