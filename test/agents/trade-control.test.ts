/** How the trade-agent is controlled: stops, the blacklist, the breaker, pauses, the review queue, and alerts. */
import { resume, type Simulation, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import tokenLaunch from '../../scenarios/token-launch.js'
import type { LaunchModel } from '../../src/agents/index.js'
import { newControl, noteFetch, pauseIfAnomalous, stoppedBy } from '../../src/agents/launch/control.js'
import { LAUNCH_START } from '../../src/agents/launch/slots.js'
import { Reviewed, TradeAlerts, type UserTrade, UserTrades } from '../../src/agents/launch/topics.js'
import { OperatorActions } from '../../src/agents/mycelial/operator.js'

type World = Simulation<LaunchModel>

/** Cycles of twenty seconds, slots of two, and any confidence will do. */
const quick = {
  slotMs: 2_000,
  launchEveryMs: 4_000,
  fetchEveryMs: 20_000,
  tradeAfterMs: 5_000,
  outcomeMs: 20_000,
  horizonMs: 60_000,
  scoreAgesMin: [1],
  minConfidence: 0,
}

function begun(params: Record<string, unknown> = {}, seed = 1): World {
  return simulate(tokenLaunch, { seed, params: { ...quick, ...params }, collect: false }) as unknown as World
}

function heard<T>(sim: World, topic: object): T[] {
  const all: T[] = []
  sim.tap((of, message) => {
    if (of === topic) all.push(message as T)
  })
  return all
}

const at = (seconds: number) => new Date(LAUNCH_START + seconds * 1_000).toISOString()
const table = (...rows: string[]) => ['at,do,what,reason', ...rows, ''].join('\n')
const boughtAfter = (trades: readonly UserTrade[], time: number) => trades.filter(t => t.action === 'buy' && t.time > time)
/** What was granted before a stop fills within three slots. */
const ON_ITS_WAY = 3 * quick.slotMs

describe('an operator', () => {
  it('stops everything, a phase, a token or a creator by a table of orders; exits go on', () => {
    const sim = begun({ orders: table(`${at(100)},stop,all,an emergency`, `${at(200)},go,all,it is over`) })
    const trades = heard<UserTrade>(sim, UserTrades)
    sim.run({ steps: 300 })
    const [from, to] = [LAUNCH_START + 100_000 + ON_ITS_WAY, LAUNCH_START + 200_000]
    expect(trades.filter(t => t.action === 'buy' && t.time < from).length).toBeGreaterThan(10)
    expect(trades.filter(t => t.action === 'buy' && t.time > from && t.time < to)).toEqual([])
    expect(trades.filter(t => t.action === 'sell' && t.time > from && t.time < to).length).toBeGreaterThan(0)
    expect(boughtAfter(trades, to).length).toBeGreaterThan(0)
  })

  it('is obeyed in the slot in which an input comes, by token and by category, and each order is on record', () => {
    const sim = begun()
    const trades = heard<UserTrade>(sim, UserTrades)
    const actions = heard<{ command: string; refused: boolean }>(sim, OperatorActions)
    sim.run({ steps: 60 })
    const token = boughtAfter(trades, 0)[0]?.pair as string
    const order = (command: Record<string, unknown>) =>
      sim.input({ kind: 'operator', command: { reason: 'a test', ...command } } as never)
    order({ do: 'lock', pair: token, forMs: null })
    order({ do: 'lock', pair: 'early', forMs: null })
    order({ do: 'lock', pair: 'TOKEN-9999', forMs: null })
    order({ do: 'set', limits: { tradesPerDay: 1 } })
    sim.run({ steps: 1 })
    const from = sim.model.now + ON_ITS_WAY
    const early = [...sim.model.tokens.values()].filter(
      each => stoppedBy(sim.model.control ?? newControl(), each, from) === 'stopped',
    )
    expect(early.length).toBeGreaterThan(1)
    sim.run({ steps: 60 })
    expect(boughtAfter(trades, from).filter(({ pair }) => pair === token)).toEqual([])
    expect(sim.model.tradeAgents.at(0)?.skips.stopped).toBeGreaterThan(0)
    expect(actions.map(({ command, refused }) => [command, refused])).toEqual([
      [`lock ${token}`, false],
      ['lock early', false],
      ['lock TOKEN-9999', true],
      ['set tradesPerDay', true],
    ])
  })

  it('blacklists tokens and creators at once, and sells what users hold of them', () => {
    const creators = Array.from({ length: 40 }, (_, i) => `Creator-${i}`).join(' ')
    const sim = begun({ orders: table(`${at(120)},blacklist,${creators} TOKEN-500,known`, `${at(120)},sell,all,known`) })
    const trades = heard<UserTrade>(sim, UserTrades)
    sim.run({ steps: 150 })
    const from = LAUNCH_START + 120_000 + ON_ITS_WAY
    expect(boughtAfter(trades, 0).length).toBeGreaterThan(10)
    expect(boughtAfter(trades, from)).toEqual([])
    expect(trades.some(({ reason }) => reason === 'operator')).toBe(true)
    expect(sim.model.tradeAgents.at(0)?.skips.blacklisted).toBeGreaterThan(0)
    for (const user of sim.model.users) expect(user.positions.size).toBe(0)
  })

  it('is told by file, line and column what is wrong in a table of orders', () => {
    expect(() => begun({ orders: table(`${at(1)},burn,all,x`) })).toThrow(/orders.csv:2:\d+.*stop/s)
    expect(() => begun({ orders: table('yesterday,stop,all,x') })).toThrow(/orders.csv:2:1/)
    expect(() => begun({ orders: 'when,do,what,reason\n' })).toThrow(/orders.csv:1:1/)
  })

  it('D3: and orders are obeyed alike by a run that was resumed before them', () => {
    const orders = table(`${at(100)},stop,mid,x`, `${at(160)},go,mid,x`)
    const whole = begun({ orders })
    whole.run({ steps: 100 })
    const sim = begun({ orders })
    sim.run({ steps: 42 })
    const resumed = resume(tokenLaunch, sim.save(), { collect: false })
    resumed.run({ steps: 58 })
    expect(resumed.digest).toBe(whole.digest)
  })
})

describe('a reviewer', () => {
  const nearly = { minConfidence: 1, reviewConfidence: 0 }

  it('gets what is nearly sure once for each token, and what is approved is entered with that confidence', () => {
    const sim = begun(nearly)
    const reviews = heard<Reviewed>(sim, Reviewed)
    const trades = heard<UserTrade>(sim, UserTrades)
    sim.run({ steps: 60 })
    const waiting = sim.model.control?.reviews.filter(({ kind }) => kind === 'lowConfidence') ?? []
    expect(waiting.length).toBeGreaterThan(0)
    expect(new Set(waiting.map(({ pair }) => pair)).size).toBe(waiting.length)
    expect(trades).toEqual([])
    for (const { id } of waiting)
      sim.input({ kind: 'operator', command: { do: 'review', id, approve: true, reason: 'looked at' } } as never)
    sim.run({ steps: 20 })
    const approved = new Set(reviews.filter(({ status }) => status === 'approved').map(({ pair }) => pair))
    expect(approved.size).toBe(waiting.length)
    expect(trades.length).toBeGreaterThan(0)
    for (const { pair } of trades) expect(approved.has(pair)).toBe(true)
  })

  it('loses what nobody answers within three cycles, and it is on record', () => {
    const sim = begun(nearly)
    const reviews = heard<Reviewed>(sim, Reviewed)
    sim.run({ steps: 120 })
    const began = new Map(reviews.filter(({ status }) => status === 'waiting').map(({ id, time }) => [id, time]))
    const ended = reviews.filter(({ status }) => status === 'expired')
    expect(ended.length).toBeGreaterThan(0)
    for (const { id, time } of ended) expect(time - (began.get(id) ?? 0)).toBeLessThanOrEqual(4 * quick.fetchEveryMs)
  })

  it('ends the pause of a token by approving it', () => {
    const sim = begun()
    const [paused] = [heard<{ code: string; about: string }>(sim, TradeAlerts)]
    while (paused.every(({ code }) => code !== 'paused')) sim.run({ steps: 5 })
    const pair = paused.find(({ code }) => code === 'paused')?.about
    const { reviews, stops } = sim.model.control ?? newControl()
    const review = reviews.find(each => each.pair === pair && each.kind === 'paused')
    expect(stops).toContainEqual(expect.objectContaining({ what: pair, by: 'anomaly' }))
    sim.input({ kind: 'operator', command: { do: 'review', id: review?.id, approve: true, reason: 'fine' } } as never)
    sim.run({ steps: 1 })
    expect(sim.model.control?.stops.some(({ what }) => what === pair)).toBe(false)
  })
})

describe('the guards', () => {
  it('open the breaker when three of six fetches bring nothing, once, and close it when they bring something again', () => {
    const control = newControl()
    expect([true, false, true].map(failed => noteFetch(control, failed))).toEqual([false, false, false])
    expect(noteFetch(control, true)).toBe(true)
    expect(noteFetch(control, true)).toBe(false)
    expect(control.stops).toHaveLength(1)
    for (let i = 0; i < 4; i++) noteFetch(control, false)
    expect(control.stops).toEqual([])
  })

  it('pause a token whose price doubles or halves within a minute, and no token that moves less', () => {
    const sim = begun()
    sim.run({ steps: 30 })
    const of = (last: number) => {
      const token = { ...(sim.model.living[0] as LaunchModel['living'][number]), insidersLeftAt: null, ageMin: 9 }
      const minute = (close: number) => ({ volume: 1, close, mood: 0, mentions: 0 })
      return { ...token, minutes: [minute(1), minute(last), minute(last)] }
    }
    const paused = (last: number) => pauseIfAnomalous(newControl(), of(last), sim.model.now)
    expect([0.49, 0.51, 1, 1.99, 2.01].map(paused)).toEqual([true, false, false, false, true])
  })

  it('alert once a cycle when five decisions or more meet news that are too old', () => {
    const params = { slotMs: 10_000, launchEveryMs: 60_000, fetchEveryMs: 240_000, tradeAfterMs: 100_000 }
    const sim = begun({ ...params, newsFails: { fromMs: 480_000, untilMs: 1e9 } })
    const alerts = heard<{ code: string; cycle: number }>(sim, TradeAlerts)
    sim.run({ steps: 400 })
    const stale = alerts.filter(({ code }) => code === 'staleNews').map(({ cycle }) => cycle)
    expect(stale.length).toBeGreaterThan(0)
    expect(new Set(stale).size).toBe(stale.length)
  })
})
