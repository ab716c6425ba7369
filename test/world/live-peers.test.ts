/** A live shard among others: while Redis is away, when agents are claimed twice, and when the operator is elsewhere. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import plantedDense from '../../scenarios/planted-dense.js'
import { type Swarm, shareAgents, topicNames } from '../../src/agents/index.js'
import { lostElsewhere, type Simulation, simulate } from '../../src/model/index.js'
import type { Transport } from '../../src/transport/index.js'
import { type Committed, commandByRedis, type LiveRequest, type LiveStatus, live, replay } from '../../src/world/index.js'
import { AgentIds } from '../../src/world/live/peers/agent-ids.js'
import { BarSteps, barStepProblem } from '../../src/world/live/peers/bar-steps.js'
import { PeerBridge } from '../../src/world/live/peers/bridge.js'
import { ClockFeed } from '../../src/world/live/peers/clock-feed.js'
import { knownTo, MessageCheck, messageProblem } from '../../src/world/live/peers/message-check.js'
import { fromWire, toWire } from '../../src/world/live/peers/wire-value.js'
import { freePort, noRedis, RedisServer } from '../standins/redis.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { scenario } from './live-scenario.js'
import { learners as learnersText, traders as tradersText } from './two-shards.js'

const origin = Date.UTC(2026, 0, 1)

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-link-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A run on the scripted exchange, at twice the time so that the link's own times stay real enough. */
function going(redis: string, more: Partial<LiveRequest> = {}, from = origin) {
  const clock = acceleratedClock(2, from + 100_000)
  const committed: Committed[] = []
  const statuses: LiveStatus[] = []
  const notes: string[] = []
  const stop = new AbortController()
  const ended = live({
    scenario,
    timeframe: '1s',
    redis,
    out: join(temporary(), 'run'),
    environment: {},
    signal: stop.signal,
    onCommitted: c => committed.push(c),
    onStatus: s => statuses.push(s),
    onNote: n => notes.push(n),
    overrides: {
      clock,
      moats: undefined,
      feed: ({ pairs, barMs }) =>
        pairs.length === 0 ? new ClockFeed(barMs, clock) : new ScriptedFeed({ pairs, barMs, clock, origin: from, history: 60 }),
    },
    ...more,
  })
  let failure: string | undefined
  ended.catch(error => {
    failure = String(error)
  })
  onTestFinished(async () => {
    stop.abort('the test is over')
    await ended.catch(() => undefined)
  })
  const entries = () => committed.flatMap(c => c.fills.filter(f => f.opens)).length
  return { ended, stop: () => stop.abort('test'), entries, statuses, notes, committed, failure: () => failure }
}

test('B3: without Redis it says so, enters nothing, and recovers alone once Redis is there', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const port = await freePort()
  const run = going(`redis://127.0.0.1:${port}`)
  await expect.poll(() => run.statuses.some(s => s.state === 'live'), { timeout: 10_000 }).toBe(true)
  expect(run.notes.join(' ')).toMatch(/does not answer/)
  await new Promise(resolve => setTimeout(resolve, 2_500))
  expect(run.entries()).toBe(0)
  expect(run.statuses.at(-1)?.linkDownSince).not.toBeNull()
  const redis = await RedisServer.start([], port)
  onTestFinished(() => redis.kill())
  await expect.poll(() => run.entries(), { timeout: 20_000 }).toBeGreaterThan(0)
  await expect.poll(() => run.statuses.at(-1)?.linkDownSince, { timeout: 5_000 }).toBeNull()
  run.stop()
  const result = await run.ended
  expect(await replay(result.runDir, { scenario })).toMatchObject({ difference: null, digest: result.digest })
}, 60_000)

test('a second process that claims the same agents is refused, and the first goes on', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const first = going(redis.url)
  await expect.poll(() => first.entries(), { timeout: 20_000 }).toBeGreaterThan(0)
  await expect(going(redis.url).ended).rejects.toThrow(/claiming DataMiner-0: expected agents that no other process runs/)
  const before = first.entries()
  await expect.poll(() => first.entries(), { timeout: 20_000 }).toBeGreaterThan(before)
  first.stop()
  await first.ended
}, 60_000)

test('the operator halts and resumes through Redis, and both are in the journal', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const environment = { MYCELIA_OPERATOR_TOKEN: 'a token that is long enough' }
  // A command counts for a minute by the clocks of both sides.
  const now = Date.now()
  const run = going(redis.url, { environment }, now - (now % 1_000) - 100_000)
  await expect.poll(() => run.entries(), { timeout: 20_000 }).toBeGreaterThan(0)
  const to = { scenario: scenario.name, url: redis.url }
  await commandByRedis(to, { do: 'halt', reason: 'from afar' }, environment)
  await expect.poll(() => run.committed.flatMap(c => c.halts).length, { timeout: 5_000 }).toBe(1)
  const before = run.entries()
  await new Promise(resolve => setTimeout(resolve, 2_000))
  expect(run.entries()).toBe(before)
  await commandByRedis(to, { do: 'resume', reason: 'over' }, environment)
  await expect.poll(() => run.entries(), { timeout: 10_000 }).toBeGreaterThan(before)
  run.stop()
  const result = await run.ended
  expect(result.halts).toBe(1)
  expect(await replay(result.runDir, { scenario })).toMatchObject({ difference: null, digest: result.digest })
}, 60_000)

test('two halves of a run find each other over Redis, sign with one key, trade, and go on after Redis forgot all claims', async ctx => {
  if (noRedis !== undefined) return ctx.skip(noRedis)
  const redis = await RedisServer.start()
  onTestFinished(() => redis.kill())
  const environment = { MYCELIA_BUS_KEY: 'the key of both halves' }
  const out = join(temporary(), 'run')
  const learners = going(redis.url, { environment, out, agents: learnersText })
  const traders = going(redis.url, { environment, out, agents: tradersText })
  await expect.poll(() => traders.entries(), { timeout: 20_000 }).toBeGreaterThan(0)
  await redis.kill()
  await expect.poll(() => traders.statuses.at(-1)?.linkDownSince, { timeout: 20_000 }).not.toBeNull()
  await redis.restart()
  await expect.poll(() => traders.statuses.at(-1)?.linkDownSince, { timeout: 20_000 }).toBeNull()
  const before = traders.entries()
  await expect.poll(() => traders.entries(), { timeout: 20_000 }).toBeGreaterThan(before)
  const stranger = going(redis.url, { environment: { MYCELIA_BUS_KEY: 'the key of a stranger' }, agents: 'Memory' })
  await expect.poll(() => stranger.failure(), { timeout: 20_000 }).toMatch(/claiming Memory-0/)
  for (const half of [traders, learners]) half.stop()
  const [result] = await Promise.all([traders.ended, learners.ended])
  const counters = traders.statuses.at(-1)?.counters.transport ?? {}
  for (const reason of ['sender', 'agent', 'replay', 'time'])
    expect([reason, counters[`rejected.${reason}`]]).toEqual([reason, 0])
  expect(await replay(result.runDir, { scenario })).toMatchObject({ difference: null, digest: result.digest })
}, 150_000)

test('numbers JSON has no words for cross the wire as they are', () => {
  const value = { z: [Number.NaN, 1.5, Number.POSITIVE_INFINITY], n: { p: Number.NEGATIVE_INFINITY, t: null, s: 'NaN' } }
  expect(fromWire(JSON.parse(JSON.stringify(toWire(value))))).toEqual(value)
})

/** What a model knows at its own time. */
function knownBy(model: Swarm) {
  const ids = new AgentIds(model, { isLocal: () => false })
  return knownTo(model, { ids, now: () => origin, step: () => 10 })
}

/** All a swarm says to itself is what another shard of a run must be able to hear; the first 200 messages of a topic are looked at. */
test('every message the swarm says passes the check at the other end, numbers without words in JSON included', () => {
  const sim = simulate(plantedDense, { seed: 1 }) as unknown as Simulation<Swarm>
  const ids = new AgentIds(sim.model, { isLocal: () => false })
  const check = new MessageCheck(ids, knownTo(sim.model, { ids, now: () => sim.model.now, step: () => sim.model.steps }))
  const heard = new Map<string, number>()
  const refused = new Set<string>()
  sim.tap((topic, message, agent) => {
    if (topic.scope === undefined) return
    const family = topic.name.split(':')[0] as string
    const n = (heard.get(family) ?? 0) + 1
    heard.set(family, n)
    if (n > 200) return
    const data = JSON.parse(JSON.stringify({ agent, message: toWire(message) }))
    const problem = check.problem(topic.name, data)
    if (problem === undefined) check.note(topic.name, data)
    else refused.add(`${topic.name}: ${problem}`)
  })
  sim.run({ steps: 4_000 })
  expect([...refused]).toEqual([])
  const { pairs, params } = sim.model
  const spoken = topicNames({ pairs, streams: params.streams }, { inner: true }).map(name => name.split(':')[0] as string)
  // Said in rarer weather, or live alone.
  const live = ['market-ticks', 'doubted-ticks', 'market-revisions', 'market-histories', 'exchange-terms']
  const rare = [...live, 'system-control', 'pattern-retirements', 'contagion']
  expect(spoken.filter(family => !heard.has(family) && !rare.includes(family))).toEqual([])
})

test('B6: a message that is not what its topic’s readers need is named by its first bad field', () => {
  const { model } = simulate(scenario, { seed: 1 }) as unknown as Simulation<Swarm>
  const known = knownBy(model)
  const problem = (topic: string, message: unknown) => messageProblem(topic, message, known)
  const bar = {
    pair: 'SOLUSD',
    time: origin - 1_000,
    barMs: model.barMs,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume: 1,
    flags: 0,
  }
  expect(problem('market-data:SOLUSD', bar)).toBeUndefined()
  expect(problem('market-data:SOLUSD', { ...bar, close: '1' })).toBe('close')
  for (const time of [1, -1, origin + 3_600_000, 9e15, 0.5, Number.NaN])
    expect(problem('market-data:SOLUSD', { ...bar, time }), String(time)).toBe('time')
  expect(problem('market-data:SOLUSD', { ...bar, barMs: 60_000 })).toBe('barMs')
  expect(problem('market-data:SOLUSD', { ...bar, close: Number.NaN })).toBe('close')
  expect(problem('market-data:SOLUSD', { ...bar, close: -1 })).toBe('close')
  expect(problem('market-data:SOLUSD', { ...bar, pair: 'XMRUSD' })).toBe('pair')
  expect(problem('market-data:SOLUSD', { ...bar, pair: 'ADAUSD' })).toBe('topic')
  expect(problem('market-data:SOLUSD', { ...bar, flags: 4 })).toBe('flags')
  expect(problem('market-revisions:SOLUSD', { ...bar, flags: 10 })).toBeUndefined()
  expect(problem('market-revisions:SOLUSD', { ...bar, pair: 'ADAUSD' })).toBe('topic')
  expect(problem('nonsense', {})).toBe('unknown topic')
  expect(problem('fills', null)).toBe('no message')
  const candidate = { kind: 'candidate', hypothesis: 1, sign: 1, z: 1, step: 1, n: 1, blocks: 1, sum: 1, squares: 1, zz: 1 }
  expect(problem('pattern-candidates', candidate)).toBeUndefined()
  expect(problem('pattern-candidates', { ...candidate, sign: 2 })).toBe('sign')
  for (const hypothesis of [-1, 0.5, Number.NaN, model.hypotheses.size, 2 ** 53, '1', null, undefined]) {
    expect(problem('pattern-candidates', { ...candidate, hypothesis }), String(hypothesis)).toBe('hypothesis')
    expect(problem('pattern-retirements', { kind: 'retired', hypothesis, sign: 1, t: 1 }), String(hypothesis)).toBe('hypothesis')
  }
  expect(problem('pattern-confirmations', { kind: 'fold', hypothesis: 1, fold: 3, n: 1, z: 1 })).toBe('fold')
  const evidence = { sum: 1, squares: 1, zz: 1 }
  const stage = { from: 0, until: 10 }
  const confirmation = { hypothesis: 1, sign: 1, screened: 1, stage, z: [Number.NaN, 1, 2], n: [0, 1, 2], evidence }
  const confirmationTask = { confirmation, confirmers: [0, null, 2] }
  expect(problem('pattern-duties', confirmationTask)).toBeUndefined()
  expect(problem('pattern-duties', { ...confirmationTask, confirmers: [0, '1', 2] })).toBe('confirmers')
  expect(problem('pattern-duties', { ...confirmationTask, confirmation: { ...confirmation, hypothesis: -1 } })).toBe(
    'confirmation.hypothesis',
  )
  expect(problem('pattern-duties', { ...confirmationTask, confirmation: { ...confirmation, stage: {} } })).toBe(
    'confirmation.stage.from',
  )
  expect(problem('leading-policies', { learner: 'PatternLearner-99', policy: null })).toBe('learner')
  const verdict = {
    pattern: model.hypotheses.nameOf(0),
    status: 'approved',
    step: 1,
    time: 1,
    agent: 'DeepResearch-0',
    moat: 'Code',
    product: 'x',
    signalType: 'x',
    sign: 1,
    score: Number.NaN,
    value: 0.1,
    ageMinutes: 0,
    decayFactor: 1,
    placebo: false,
    features: { t: 1, why: null },
    p: 0.01,
    valueBasis: 'forward bars',
    traded: true,
  }
  expect(problem('pattern-verdicts', verdict)).toBeUndefined()
  expect(problem('pattern-verdicts', { ...verdict, pattern: 'finance:nothing|x|0|SOLUSD|1' })).toBe('pattern')
  expect(problem('pattern-verdicts', { ...verdict, features: { t: [] } })).toBe('features')
})

test('a message beyond its ranges is refused: confidence, prices, z, times and what a trade is', () => {
  const { model } = simulate(scenario, { seed: 1 }) as unknown as Simulation<Swarm>
  const problem = (topic: string, message: unknown) => messageProblem(topic, message, knownBy(model))
  const features = { rsi: 50, macd: null, bollinger: 0.5, atr: 0.01, volume: 1, regime: 1, trend: null }
  const bars = { horizonBars: 4, barMs: 60_000, style: 'DAY', pattern: null, moats: [], prediction: null }
  const idea = {
    id: 'x',
    source: 'baseline',
    agent: 'TechnicalAnalysis-7',
    pair: 'SOLUSD',
    direction: 1,
    confidence: 0.7,
    decidedAt: 1,
    expiresAt: 2,
  }
  const whole = { ...idea, ...bars, features }
  const ideas = 'baseline-trade-ideas'
  expect(problem(ideas, whole)).toBeUndefined()
  for (const agent of ['x', 'TechnicalAnalysis', 'PatternLearner-99', 7, null])
    expect(problem(ideas, { ...whole, agent }), String(agent)).toBe('agent')
  for (const decidedAt of [-1, origin + 3_600_000, 9e15]) expect(problem(ideas, { ...whole, decidedAt })).toBe('decidedAt')
  expect(problem(ideas, { ...whole, expiresAt: 9e15 })).toBe('expiresAt')
  expect(problem(ideas, { ...whole, pattern: 'no pattern' })).toBe('pattern')
  expect(problem(ideas, { ...whole, id: 'x'.repeat(2_001) })).toBe('id')
  for (const confidence of [-0.1, 1.1, Number.NaN, '0.7']) expect(problem(ideas, { ...whole, confidence })).toBe('confidence')
  expect(problem(ideas, { ...whole, style: 'SLOW' })).toBe('style')
  expect(problem(ideas, { ...whole, features: { ...features, rsi: 101 } })).toBe('features.rsi')
  expect(problem('recollections', { idea: { ...whole, decidedAt: 0.5 }, factor: 1, cases: 0 })).toBe('idea.decidedAt')
  const signal = { moat: 'code', driver: 'code:Rust', transform: 'level', time: 1, z: 4, placebo: false }
  expect(problem('cross-moat-signals', signal)).toBeUndefined()
  for (const z of [4.1, -5, Number.NaN]) expect(problem('cross-moat-signals', { ...signal, z })).toBe('z')
  expect(problem('fills', { portfolio: 'mine' })).toBe('portfolio')
  expect(problem('system-control', { id: 'all:whim', portfolio: 'all', pair: null, kind: 5 })).toBe('kind')
  expect(problem('recommendations', { explorer: 'MarketExplorer-0', team: 'DAY', pairs: ['XMRUSD'], coarse: false })).toBe(
    'pairs',
  )
  expect(problem('market-data', {})).toBe('unknown topic')
  expect(problem('fills:SOLUSD', {})).toBe('unknown topic')
})

test('agents that another shard quarantined are dealt nothing more, once, and analysts are its own affair', () => {
  const sim = simulate(scenario, { seed: 1 }) as unknown as Simulation<Swarm>
  const { model } = sim
  const ids = new AgentIds(model, { isLocal: () => false })
  const waiting = [['PatternLearner-1', 'TechnicalAnalysis-99'], ['PatternLearner-1', 'MycelialInstigator-0'], ['Trading-0']].map(
    (lost, i) => {
      return { topic: 'bar-steps', from: 'lively/learners', data: { barEnd: i * 1_000, step: i, lost } }
    },
  )
  const transport = { take: () => waiting.splice(0, 1), waiting: 0, state: () => ({ fresh: true }) } as unknown as Transport
  const bridge = new PeerBridge(transport, {
    remotePairs: [],
    barSteps: new BarSteps(1_000, () => ({ step: 0, barEnd: 0 })),
    hasAgent: (_, key) => ids.hasClaim(key) && key !== 'Trading-0',
    connectionInputs: () => [],
  })
  shareAgents(sim, ({ type }) => type !== 'PatternLearner')
  const before = [...model.financeOrdinals]
  const inputs = [...bridge.take(1), ...bridge.take(2), ...bridge.take(3)]
  expect(inputs).toEqual([
    { kind: 'lost', agents: ['PatternLearner-1'] },
    { kind: 'lost', agents: ['MycelialInstigator-0'] },
  ])
  sim.tick({ time: 1, step: false, inputs })
  model.step()
  expect(model.financeOrdinals).toEqual(before.filter(ordinal => ordinal !== 1))
  expect(sim.quarantined).toMatchObject([{ agent: 'PatternLearner-1', reason: lostElsewhere }])
})

test('the number of a bar is taken from a report about a bar of now, with agents of this run', () => {
  const { model } = simulate(scenario, { seed: 1 }) as unknown as Simulation<Swarm>
  const ids = new AgentIds(model, { isLocal: () => false })
  const problem = (data: unknown) => barStepProblem(data, { now: origin, barMs: 1_000, isAgent: key => ids.isKey(key) })
  const good = { barEnd: origin - 1_000, step: 7, lost: ['PatternLearner-1', 'TechnicalAnalysis-99'] }
  expect(problem(good)).toBeUndefined()
  const bad: [unknown, string][] = [
    [null, 'barEnd'],
    [{}, 'barEnd'],
    [{ ...good, barEnd: 9e15, step: 9e15 }, 'barEnd'],
    [{ ...good, barEnd: origin + 120_000 }, 'barEnd'],
    [{ ...good, barEnd: origin - 3_600_000 }, 'barEnd'],
    [{ ...good, barEnd: origin - 500 }, 'barEnd'],
    [{ ...good, step: 9e15 }, 'step'],
    [{ ...good, step: -1 }, 'step'],
    [{ ...good, step: 0.5 }, 'step'],
    [{ ...good, lost: undefined }, 'lost'],
    [{ ...good, lost: [3] }, 'lost'],
    [{ ...good, lost: ['Nobody-1'] }, 'lost'],
  ]
  for (const [data, field] of bad) expect([data, problem(data)]).toEqual([data, field])
})
