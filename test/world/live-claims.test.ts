/** A message speaks only for agents that live where it comes from: who has claimed what, as a receiver knows it. */

import { expect, test } from 'vitest'
import { type Swarm, swarmTopics } from '../../src/agents/index.js'
import { foreignRule } from '../../src/agents/mycelial/foreign-messages.js'
import { type Simulation, simulate } from '../../src/model/index.js'
import { type Claimant, type Envelope, encodeEnvelope } from '../../src/transport/index.js'
import { collectFacts } from '../../src/world/live/engine/open-shard.js'
import { TickFacts } from '../../src/world/live/engine/tick-facts.js'
import { liveLimits } from '../../src/world/live/limits.js'
import { CommandGate } from '../../src/world/live/operator-proof.js'
import { PeerAdmission } from '../../src/world/live/peers/admission.js'
import { AgentIds } from '../../src/world/live/peers/agent-ids.js'
import { BarSteps } from '../../src/world/live/peers/bar-steps.js'
import { ClaimRegister } from '../../src/world/live/peers/claim-register.js'
import { ManualClock } from './live-kit.js'
import { scenario } from './live-scenario.js'
import { rowsOf, twoShards } from './two-shards.js'

const isTrader = ({ type }: { type: string }) => ['Trading', 'RiskManagement', 'Memory'].includes(type)

/** The trading shard's view of its learners' claims. */
async function receiver() {
  const clock = new ManualClock(1_000_000)
  const { model } = simulate(scenario, { seed: 1 }) as unknown as Simulation<Swarm>
  const ids = new AgentIds(model, { isLocal: isTrader })
  const redis = { claims: new Map<string, Claimant>(), isAway: false }
  const claim = (epoch: string, from = 'learners', which = (_: string) => true) => {
    for (const name of ids.claims)
      if (!isTrader({ type: name.replace(/-\d+$/, '') }) && which(name)) redis.claims.set(name, { from, epoch })
  }
  const register = new ClaimRegister({
    names: ids.claims,
    read: async names => {
      if (redis.isAway) throw new Error('away')
      return names.map(name => redis.claims.get(name))
    },
    clock,
    onRead: () => false,
  })
  const gate = new CommandGate({ token: undefined, scenario: 'lively', now: () => clock.now() })
  const admission = new PeerAdmission({ ids, register, gate, clock })
  const idOf = (key: string) => model.agents.where(agent => agent.key === key).map(agent => agent.id)[0]
  const judge = (change: Partial<Envelope> = {}, heard?: string) =>
    admission.judge(
      {
        v: 1,
        topic: 'pattern-candidates',
        from: 'learners',
        epoch: 'e1',
        seq: 1,
        t: clock.now(),
        data: { agent: idOf('PatternLearner-0') },
        ...change,
      },
      heard,
    )
  const read = async () => {
    clock.pass(3_000)
    await new Promise(resolve => setImmediate(resolve))
  }
  register.start()
  clock.pass(1)
  return { clock, model, ids, register, redis, claim, admission, judge, idOf, read }
}

test('B11: a message counts where its sender has claimed its agent, under that name and start', async () => {
  const { claim, judge, read, idOf, redis } = await receiver()
  claim('e1')
  // Even where Redis says that a sender holds an agent of ours.
  redis.claims.set('Trading-0', { from: 'learners', epoch: 'e1' })
  await read()
  expect(judge()).toBe('publisher')
  for (const key of ['Trading-0', 'RiskManagement-0', 'Memory-0'])
    expect(judge({ data: { agent: idOf(key) } }), key).toBe('agent')
  for (const agent of [0, -1, 1.5, 9e15, '1', null, undefined]) expect(judge({ data: { agent } }), String(agent)).toBe('agent')
  expect(judge({ data: null })).toBe('agent')
  expect(judge({ t: 1_000_000 + 3_600_000 })).toBe('time')
  for (const topic of ['fills', 'market-data:SOLUSD', 'bar-steps', 'system-control'])
    expect(judge({ topic, data: { command: { do: 'halt', reason: 'x' } } }), topic).toBe('command')
})

test('agents deployed since the start are the Builder’s, and only its process speaks for them', async () => {
  const { claim, judge, read, ids } = await receiver()
  claim('e1', 'learners', name => name !== 'Builder-0')
  claim('e1', 'builders', name => name === 'Builder-0')
  await read()
  const deployed = { data: { agent: Math.max(...ids.claims.map((_, i) => i)) + 1_000 } }
  expect(judge({ ...deployed, from: 'builders' })).toBe('publisher')
  expect(judge(deployed)).toBe('agent')
  expect(judge({ from: 'builders' })).toBe('agent')
})

test('a claim that is on its way is waited for, and one that does not come is refused', async () => {
  const { claim, judge, read, clock } = await receiver()
  expect(judge()).toBe('unknown')
  claim('e1')
  await read()
  expect(judge()).toBe('publisher')
  const stranger = { from: 'nobody', epoch: 'x' }
  expect(judge(stranger)).toBe('unknown')
  clock.pass(liveLimits.claimMs)
  expect(judge(stranger)).toBe('sender')
})

test('after a restart the new start counts, and the last messages of the one before it until then', async () => {
  const { claim, judge, read } = await receiver()
  claim('e1')
  await read()
  claim('e2')
  await read()
  expect(judge({ epoch: 'e2' }, 'e1')).toBe('publisher')
  expect(judge({ epoch: 'e1' }, 'e1')).toBe('publisher')
  expect(judge({ epoch: 'e1' }, 'e2')).toBe('unknown')
  expect(judge({ epoch: 'e0' }, 'e1')).toBe('unknown')
})

test('what Redis has forgotten, or cannot say, stays as it was; what another claims is his', async () => {
  const { claim, judge, read, redis, register } = await receiver()
  claim('e1')
  await read()
  redis.claims.clear()
  await read()
  redis.isAway = true
  await read()
  expect(judge()).toBe('publisher')
  expect(register.counters.claimsUnread).toBeGreaterThan(0)
  redis.isAway = false
  claim('f1', 'others')
  await read()
  expect(judge({}, 'e1')).toBe('agent')
  expect(judge({ from: 'others', epoch: 'f1' })).toBe('publisher')
})

test('a thousand strangers are remembered in a bounded list, and counted', async () => {
  const { judge, admission } = await receiver()
  for (let n = 0; n < 1_000; n++) judge({ from: `stranger-${n}` })
  expect(admission.counters).toEqual({ strangers: 1_000, strangersForgotten: 1_000 - liveLimits.strangers })
})

test('every topic between processes says who may publish on it', () => {
  const streams = { code: ['a'], logistics: ['a'], government: ['a'], corporations: ['a'] }
  const names = swarmTopics.names({ ...streams, pairs: ['SOLUSD'] }, { inner: true })
  expect(names.filter(name => (foreignRule(name)?.by.length ?? 0) === 0)).toEqual([])
})

test('a step that no shard can have made is not believed, one far away after two bars, and true ones go on counting', () => {
  const own = { step: 100, barEnd: 100_000 }
  const steps = new BarSteps(1_000, () => own)
  expect(steps.stepOf(101_000)).toBeUndefined()
  steps.note('a', { barEnd: 101_000, step: 2_000_000_000 })
  expect([steps.stepOf(101_000), steps.unlikely]).toEqual([undefined, 1])
  steps.note('a', { barEnd: 101_000, step: 820 })
  expect(steps.stepOf(102_000)).toBe(821)
  // A shard that a false report is about counts again with its next true one.
  steps.note('a', { barEnd: 102_000, step: 1_500 })
  expect(steps.stepOf(103_000)).toBe(1_501)
  steps.note('a', { barEnd: 103_000, step: 822 })
  expect(steps.stepOf(104_000)).toBe(823)
  // A run that is days ahead of a new shard.
  steps.note('b', { barEnd: 104_000, step: 500_000 })
  expect(steps.stepOf(105_000)).toBe(824)
  steps.note('b', { barEnd: 105_000, step: 500_001 })
  expect(steps.stepOf(106_000)).toBe(500_002)
})

test('a fill that comes as a message is in no ledger, whatever agent it names', () => {
  const sim = simulate(scenario, { seed: 1 }) as unknown as Simulation<Swarm>
  const facts = new TickFacts(() => true)
  collectFacts(sim, facts)
  const trader = sim.model.traders.at(0)?.id ?? 0
  const money = { notionalE6: 1, feeE6: 1, slippageE6: 1 }
  const fill = {
    portfolio: 'baseline',
    tradeId: 'x',
    pair: 'SOLUSD',
    side: 'buy',
    opens: true,
    time: 1,
    priceUsd: 1,
    qtyE8: 1,
    ...money,
  }
  const inputs = [{ kind: 'remote', topic: 'fills', agent: trader, message: fill }]
  facts.begin(inputs)
  sim.tick({ time: 1, step: false, inputs })
  expect(facts.facts.map(([topic]) => topic)).toEqual(['fills'])
  expect([facts.fills, facts.published]).toEqual([[], []])
})

test('B11: crafted fills and trades on Redis, in every name there is, change no ledger and end no part', async () => {
  const world = await twoShards()
  await world.pass(4 * 60_000, 1_000)
  const before = [world.trading, world.learning].map(({ ledger }) => rowsOf(ledger))
  const heard = world.said.flatMap(({ text }) => {
    const envelope = JSON.parse(text) as Envelope & { data: { agent: number; message: object } }
    return ['fills', 'trade-confirmations', 'baseline-trade-ideas'].includes(envelope.topic) ? [envelope] : []
  })
  expect(new Set(heard.map(({ topic }) => topic)).size).toBe(3)
  for (const { topic, from, epoch, data } of heard) {
    for (const sender of [from, world.learning.name, world.trading.name, 'nobody']) {
      const message = { ...data.message, priceUsd: 1, pnlE6: 5_000_000_000, tradeId: 'crafted' }
      const crafted = {
        topic: 'fills',
        epoch,
        seq: 900,
        time: world.clock.now(),
        data: JSON.stringify({ agent: data.agent, message }),
      }
      for (const on of ['fills', topic])
        world.say({ channel: `${world.prefix}${on}`, text: encodeEnvelope(sender, { ...crafted, topic: on }) })
    }
  }
  await world.pass(5_000, 1_000)
  const after = [world.trading, world.learning].map(({ ledger }) => rowsOf(ledger))
  for (const table of ['fills', 'trades']) {
    const rows = before[0]?.[table] ?? []
    expect(after[0]?.[table]?.slice(0, rows.length), table).toEqual(rows)
  }
  for (const word of ['crafted', Buffer.from('crafted').toString('hex')]) expect(JSON.stringify(after)).not.toContain(word)
  const steps = world.trading.shard.model.steps
  await world.pass(2 * 60_000, 1_000)
  expect(world.trading.shard.model.steps).toBe(steps + 2)
  expect(world.trading.connection.bridge?.transport.stale()).toEqual([])
}, 30_000)
