/** What an operator may do to a swarm: close, cancel, lock and set, each an input that leaves a record and that a resume keeps. */

import { expect, it } from 'vitest'
import { OperatorActions, type OperatorCommand, shareAgents } from '../../src/agents/index.js'
import { resume } from '../../src/model/index.js'
import { Fills, OrderEnds, SystemControl, TradeConfirmations } from '../../src/trading/index.js'
import { type ByHand, barMs, ideaNow, other, pair, swarmByHand } from './swarm-by-hand.js'

const say = (command: Omit<OperatorCommand, 'reason'> & { reason?: string }) => ({
  kind: 'operator',
  command: { reason: 'news', ...command },
})
const closeAll = say({ do: 'close', pair: null, portfolio: null } as never)
const lastOf = (swarm: ByHand) => swarm.said(OperatorActions).at(-1)

/** Both portfolios hold the pair of these tests: entered at the open of the bar after the idea. */
function holding(more = {}): ByHand {
  const swarm = swarmByHand(more)
  swarm.live(2)
  for (const source of ['baseline', 'mycelial'] as const)
    swarm.tick(ideaNow(swarm, source, { direction: 1, confidence: 0.9, horizonBars: 50, pair }))
  swarm.live(1)
  expect(swarm.instrument('baseline').position).not.toBeNull()
  expect(swarm.instrument('mycelial').position).not.toBeNull()
  return swarm
}

it('close ends every position at the next price, for the reason operator, and says so with the price', () => {
  const swarm = holding()
  swarm.tick(closeAll)
  expect(lastOf(swarm)).toMatchObject({ command: 'close all', reason: 'news', refused: false })
  expect(lastOf(swarm)?.outcome).toMatch(/^\d positions to leave at the next price: baseline SOLUSD/)
  // The bar that has begun already opened before the command.
  swarm.live(1)
  expect(swarm.said(TradeConfirmations)).toEqual([])
  swarm.live(1)
  const trades = swarm.said(TradeConfirmations)
  expect(trades.map(({ reason }) => reason)).toEqual(trades.map(() => 'operator'))
  expect(trades.length).toBeGreaterThanOrEqual(2)
  const closing = swarm.model.operator?.actions.at(-1)?.closing ?? []
  expect(closing.map(({ tradeId, priceUsd }) => [tradeId, priceUsd]).sort()).toEqual(
    trades.map(({ tradeId, exitPriceUsd }) => [tradeId, exitPriceUsd]).sort(),
  )
  swarm.tick(closeAll)
  expect(lastOf(swarm)?.outcome).toBe('Nothing was held.')
})

it('close of one portfolio or of another pair leaves the rest as it is, also through a halt', () => {
  const swarm = holding()
  swarm.tick(say({ do: 'halt' } as never))
  swarm.tick(say({ do: 'close', pair: other, portfolio: null } as never))
  swarm.tick(say({ do: 'close', pair: 'SOL/USD', portfolio: 'mycelial' } as never))
  swarm.live(2)
  expect(swarm.said(TradeConfirmations).map(({ portfolio }) => portfolio)).toEqual(['mycelial'])
  expect(swarm.instrument('baseline').position?.leaving).toBeNull()
})

it('cancel ends an entry that waits, and an operator’s close that waits for its price, with its id', () => {
  const swarm = swarmByHand()
  swarm.live(2)
  swarm.tick(ideaNow(swarm, 'baseline', { direction: 1, confidence: 0.9, pair }))
  const id = swarm.instrument('baseline').entry?.order.clientId as string
  swarm.tick(say({ do: 'cancel', what: 'SOLUSD' } as never))
  expect(lastOf(swarm)?.outcome).toBe(`1 order cancelled: ${id}:entry.`)
  expect(swarm.said(OrderEnds).at(-1)).toMatchObject({ clientId: id, state: 'cancelled', reason: 'operator' })
  swarm.live(1)
  expect(swarm.said(Fills)).toEqual([])
  const held = holding()
  held.tick(closeAll)
  held.tick(say({ do: 'cancel', what: `${held.instrument('baseline').position?.tradeId}:exit` } as never))
  held.live(2)
  expect(held.said(TradeConfirmations).some(({ portfolio }) => portfolio === 'baseline')).toBe(false)
  expect(held.instrument('baseline').position?.leaving).toBeNull()
})

it('lock stops entries of its pair alone until its instant, has an id, and may be ended before', () => {
  const swarm = swarmByHand()
  swarm.live(2)
  swarm.tick(say({ do: 'lock', pair, forMs: 3 * barMs } as never))
  const [lock] = swarm.model.locks
  expect(lock).toMatchObject({ portfolio: 'all', pair, kind: 'operator', reason: 'news', until: swarm.model.now + 3 * barMs })
  expect(lastOf(swarm)?.outcome).toContain(lock?.id)
  const enter = (of: string) => swarm.tick(ideaNow(swarm, 'baseline', { direction: 1, confidence: 0.9, pair: of }))
  enter(pair)
  enter(other)
  expect(swarm.instrument('baseline').entry).toBeNull()
  expect(swarm.instrument('baseline', other).entry).not.toBeNull()
  swarm.live(4)
  expect(swarm.model.locks).toEqual([])
  expect(swarm.said(SystemControl).filter(({ on }) => !on)).toHaveLength(1)
  enter(pair)
  expect(swarm.instrument('baseline').entry).not.toBeNull()
  swarm.tick(say({ do: 'lock', pair: other, forMs: null } as never))
  swarm.tick(say({ do: 'lock', pair: other, forMs: barMs } as never))
  expect(swarm.model.locks).toHaveLength(1)
  swarm.tick(say({ do: 'unlock', id: swarm.model.locks[0]?.id } as never))
  expect(swarm.model.locks).toEqual([])
})

it('set that is refused, as while the risk manager is quarantined, changes no limit anywhere', () => {
  const swarm = swarmByHand()
  Object.defineProperty(swarm.model.riskManagers.at(0), 'step', {
    value() {
      throw new Error('I am broken')
    },
  })
  swarm.live(2)
  const before = { ...swarm.model.limits }
  swarm.tick(say({ do: 'set', limits: { minConfidence: 0.8 } } as never))
  expect(lastOf(swarm)?.refused).toBe(true)
  expect(swarm.model.limits).toEqual(before)
})

it('set changes a limit of every gate at once, says from what to what, and binds the next entry', () => {
  const swarm = swarmByHand()
  swarm.live(2)
  swarm.tick(say({ do: 'set', limits: { minConfidence: 0.8, maxDrawdown: 0.2, openPositions: 1 } } as never))
  expect(lastOf(swarm)?.outcome).toBe('minConfidence 0.5 → 0.8, maxDrawdown 0.05 → 0.2, openPositions none → 1.')
  expect(swarm.model.risk?.settings.maxDrawdown).toBe(0.2)
  const enter = (of: string, confidence: number) =>
    swarm.tick(ideaNow(swarm, 'baseline', { direction: 1, confidence, pair: of, id: `x:${of}:${confidence}` }))
  enter(pair, 0.7)
  expect(swarm.portfolio('baseline').ignored).toEqual({ lowConfidence: 1 })
  enter(pair, 0.9)
  enter(other, 0.9)
  expect(swarm.portfolio('baseline').ignored).toEqual({ lowConfidence: 1, openPositions: 1 })
  swarm.tick(say({ do: 'set', limits: { openPositions: null } } as never))
  expect(lastOf(swarm)?.outcome).toBe('openPositions 1 → none.')
  enter(other, 0.95)
  expect(swarm.instrument('baseline', other).entry).not.toBeNull()
})

it('set pairs says which may be entered: entries that wait elsewhere go, and all brings them back', () => {
  const swarm = swarmByHand()
  swarm.live(2)
  const enter = () => swarm.tick(ideaNow(swarm, 'baseline', { direction: 1, confidence: 0.9, pair }))
  enter()
  swarm.tick(say({ do: 'set', limits: { pairs: 'ADA/USD' } } as never))
  expect(lastOf(swarm)?.outcome).toBe('whiteList none → ADAUSD.')
  expect(swarm.instrument('baseline').entry).toBeNull()
  enter()
  expect(swarm.portfolio('baseline').ignored).toEqual({ unlistedPair: 1 })
  swarm.tick(say({ do: 'set', limits: { pairs: 'all' } } as never))
  enter()
  expect(swarm.instrument('baseline').entry).not.toBeNull()
})

it.each([
  [{ minConfidense: 1 }, /Unknown limit "minConfidense". Did you mean "minConfidence"\?/],
  [{ constructor: 1 }, /Unknown limit "constructor"/],
  [{ minConfidence: 7 }, /limit "minConfidence": expected .*<=1.*got 7/],
  [{ pairs: 'DOGEUSD' }, /Unknown pair of this run "DOGEUSD"/],
  [{ smallestTradeUsd: 10, largestTradeUsd: 5 }, /nothing could enter/],
  [{ accuracyLeast: 5 }, /limit "accuracyLeast": expected the limit "accuracy24h" with it/],
])('set of %j is refused, recorded, and changes nothing', (limits, why) => {
  const swarm = swarmByHand()
  swarm.live(1)
  const before = swarm.model.limits
  swarm.tick(say({ do: 'set', limits } as never))
  expect(lastOf(swarm)).toMatchObject({ refused: true, outcome: expect.stringMatching(why) })
  expect(swarm.model.limits).toBe(before)
})

it('a command with a key counts once, and a swarm without commands has no trace of them', () => {
  const swarm = holding()
  expect(swarm.model.operator).toBeUndefined()
  const lock = say({ do: 'lock', pair, forMs: null, key: 'one' } as never)
  swarm.tick(lock)
  swarm.tick(say({ do: 'unlock', id: swarm.model.locks[0]?.id } as never))
  swarm.tick(lock)
  expect(swarm.model.locks).toEqual([])
  expect(swarm.model.operator?.repeated).toBe(1)
})

it('what an operator did is saved: a resume keeps locks, limits, waiting closes and the record', () => {
  const swarm = holding()
  swarm.tick(say({ do: 'lock', pair: other, forMs: 2 * barMs } as never))
  swarm.tick(say({ do: 'set', limits: { cooldownMs: 60_000, dailyLossUsd: 50 } } as never))
  swarm.tick(closeAll)
  const { sim, model } = swarm
  const nothing = { next: () => undefined, save: () => null, restore: () => undefined, describe: () => ({}) }
  const again = resume(sim.scenario, sim.save(), { source: nothing, collect: false })
  const { now } = model
  for (const bars of [1, 2, 3])
    for (const each of [sim, again]) {
      const time = now - 3 + bars * barMs
      const inputs = [pair, other].map(of => swarm.bar(of, 101, { time: time - barMs }))
      each.tick({ time, step: true, inputs: inputs as never })
    }
  expect(model.locks).toEqual([])
  expect(again.digest).toBe(sim.digest)
  expect(swarm.said(TradeConfirmations).length).toBeGreaterThan(0)
})

it('a process whose risk manager works elsewhere leaves commands to that one, and one whose risk manager is lost says so', () => {
  const swarm = swarmByHand()
  swarm.live(1)
  shareAgents(swarm.sim, ({ type }) => type !== 'RiskManagement' && type !== 'Trading')
  swarm.tick(closeAll)
  expect(swarm.model.operator).toBeUndefined()
  swarm.tick({ kind: 'lost', agents: ['RiskManagement-0'] })
  swarm.tick(say({ do: 'halt' } as never))
  expect(lastOf(swarm)).toMatchObject({ refused: true, outcome: expect.stringMatching(/RiskManagement at work in this process/) })
})

it('at exactly its instant a lock holds no more, also for the idea that comes first, and its end is said once', () => {
  const swarm = swarmByHand()
  swarm.live(2)
  swarm.tick(say({ do: 'lock', pair, forMs: 1 } as never))
  const decidedAt = swarm.model.now + 1
  swarm.tick(ideaNow(swarm, 'baseline', { direction: 1, confidence: 0.9, pair, decidedAt }))
  expect(swarm.instrument('baseline').entry).not.toBeNull()
  expect(swarm.said(SystemControl).map(({ on, reason }) => [on, reason])).toEqual([
    [true, 'news'],
    [false, 'its time has come'],
  ])
})
