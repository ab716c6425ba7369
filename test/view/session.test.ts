import { expect, test } from 'vitest'
import schelling from '../../scenarios/models/schelling.js'
import virus from '../../scenarios/models/virus-on-network.js'
import wolfSheep from '../../scenarios/models/wolf-sheep.js'
import wealth from '../../scenarios/wealth.js'
import { Agent, defineScenario, Model, type Scenario, simulate, z } from '../../src/model/index.js'
import { type About, type Clock, question, RunsInMemory, Session, seriesName, seriesPoints } from '../../src/view/index.js'
import { models } from '../models/kit.js'
import { driven, HandClock } from './session-kit.js'

function digestOf(scenario: unknown, steps: number, seed: number | string, params: Record<string, unknown> = {}): string {
  const sim = simulate(scenario as Scenario, { seed, params })
  sim.run({ steps })
  return sim.digest
}

test.each(models)(
  'a session of $name that is watched at every step ends in the digest of a run that is not',
  ({ scenario, params }) => {
    const { session, say, shown } = driven(scenario, { seed: 4, params })
    session.ask([question('series', 'model')])
    for (let i = 0; i < 20; i++) {
      say({ do: 'step' })
      shown()
    }
    expect(shown().digest).toBe(digestOf(scenario, 20, 4, params))
  },
)

test.each(models)('going back in $name and to the newest step again leaves the run as it was', ({ scenario, params }) => {
  const { say } = driven(scenario, { seed: 4, params })
  say({ do: 'step', steps: 24 })
  const past = [3, 17, 9, 23].map(step => [step, say({ do: 'seek', step })] as const)
  for (const [step, clock] of past) {
    expect(clock).toMatchObject({ step, newest: 24, state: 'paused', reason: null })
    expect(clock.digest).toBe(digestOf(scenario, step, 4, params))
  }
  say({ do: 'seek', step: 24 })
  expect(say({ do: 'step', steps: 6 }).digest).toBe(digestOf(scenario, 30, 4, params))
})

test('a run that goes on from a past step is the run that was never interrupted', () => {
  const { say } = driven(wolfSheep, { seed: 2 })
  say({ do: 'step', steps: 60 })
  say({ do: 'seek', step: 21 })
  expect(say({ do: 'branch' })).toMatchObject({ step: 21, newest: 21, branch: 1 })
  expect(say({ do: 'step', steps: 40 }).digest).toBe(digestOf(wolfSheep, 61, 2))
})

test('the past is made again with the inputs that came then, and a branch keeps those before it', () => {
  const { say } = driven(wolfSheep, { seed: 2 })
  const inputs: [number, string, number][] = [
    [10, 'regrow', 5],
    [20, 'wolfGain', 30],
    [30, 'regrow', 40],
  ]
  const digests = new Map<number, string | null>()
  for (const [step, key, value] of inputs) {
    say({ do: 'seek', step })
    say({ do: 'change', key, value })
    digests.set(step + 5, say({ do: 'step', steps: 5 }).digest)
  }
  for (const [step, digest] of [...digests].reverse()) expect(say({ do: 'seek', step }).digest).toBe(digest)
  say({ do: 'seek', step: 25 })
  say({ do: 'branch' })
  const { digest } = say({ do: 'step', steps: 15 })
  const alone = simulate(wolfSheep, { seed: 2 })
  for (const [step, key, value] of inputs.slice(0, 2)) {
    alone.run({ steps: step - alone.model.steps })
    alone.input({ kind: 'change', key, value } as never)
  }
  alone.run({ steps: 40 - alone.model.steps })
  expect(digest).toBe(alone.digest)
})

test('an input that waits while a viewer looks at the past takes effect once', () => {
  const { say } = driven(wolfSheep, { seed: 2 })
  say({ do: 'step', steps: 10 })
  say({ do: 'change', key: 'regrow', value: 5 })
  say({ do: 'seek', step: 4 })
  const alone = simulate(wolfSheep, { seed: 2 })
  alone.run({ steps: 10 })
  alone.change('regrow', 5)
  alone.run({ steps: 5 })
  expect(say({ do: 'seek', step: 15 }).digest).toBe(alone.digest)
})

test('what is asked of the past is refused in a sentence, and changes nothing', () => {
  const { session, say } = driven(wolfSheep, { seed: 2 })
  const before = say({ do: 'step', steps: 30 })
  expect(() => session.command({ do: 'branch' })).toThrow(/Go back first/)
  say({ do: 'seek', step: 12 })
  expect(() => session.command({ do: 'change', key: 'regrow', value: 5 })).toThrow(/Resume from here first/)
  expect(say({ do: 'seek', step: 30 })).toEqual(before)
})

test('parameters that are wrong refuse a reset, and the run stays', () => {
  const { session, say, shown } = driven(wealth, { seed: 2 })
  const before = say({ do: 'step', steps: 7 })
  expect(() => session.command({ do: 'reset', params: { people: 1 } })).toThrow(/people/)
  expect(shown()).toEqual(before)
})

test('a link opened twice shows the same digest at the same step', () => {
  const link = { seed: 'north', params: { people: 40 } }
  const opened = () => {
    const { say } = driven(wealth)
    say({ do: 'reset', ...link })
    return say({ do: 'seek', step: 33 })
  }
  expect(opened()).toEqual(opened())
  expect(opened().digest).toBe(digestOf(wealth, 33, link.seed, link.params))
})

test('a reset begins anew with the parameters in force, unless others are given', () => {
  const { session, say } = driven(wolfSheep, { seed: 2 })
  say({ do: 'step', steps: 3 })
  say({ do: 'change', key: 'regrow', value: 7 })
  say({ do: 'step' })
  expect(say({ do: 'reset', seed: 9 })).toMatchObject({ step: 0, newest: 0, state: 'paused' })
  expect(session.look().json('about')).toMatchObject({ seed: 9, params: { regrow: 7 } } satisfies Partial<About>)
})

test('receivers begin anew at a reset, at a step of the past, at the newest again and at a branch', () => {
  const { session, say } = driven(wealth, { epoch: 100 })
  const epochs: number[] = []
  const note = () => epochs.push(session.look().epoch)
  note()
  say({ do: 'step', steps: 10 })
  note()
  for (const command of [
    { do: 'seek', step: 4 },
    { do: 'seek', step: 10 },
    { do: 'seek', step: 5 },
    { do: 'branch' },
    { do: 'reset' },
  ] as const) {
    say(command)
    note()
  }
  expect(epochs).toEqual([100, 100, 101, 102, 103, 104, 105])
})

test('a run that plays in the past makes it again, and goes on where it ended', () => {
  const { session, clock } = driven(wealth, { seed: 1 })
  const until = (step: number) => {
    for (let i = 0; i < 1_000 && session.look().json('clock') !== undefined; i++) {
      if ((session.look().json('clock') as Clock).step >= step) return session.look().json('clock') as Clock
      clock.at += 10
      session.advance(1)
    }
    throw new Error(`never came to step ${step}`)
  }
  session.command({ do: 'speed', stepsPerSecond: 100 })
  session.command({ do: 'play' })
  until(20)
  session.command({ do: 'seek', step: 5 })
  session.command({ do: 'play' })
  const { newest, state } = until(30)
  expect({ ahead: newest >= 30, state }).toEqual({ ahead: true, state: 'playing' })
  session.command({ do: 'pause' })
  const { step, digest } = session.look().json('clock') as Clock
  expect(digest).toBe(digestOf(wealth, step, 1))
})

test('a chosen speed is kept, and a run slower than its speed does not race afterwards', () => {
  const { session, clock } = driven(wealth, { seed: 1 })
  session.command({ do: 'speed', stepsPerSecond: 50 })
  session.command({ do: 'play' })
  const stepsIn = (ms: number, everyMs: number) => {
    const before = (session.look().json('clock') as Clock).step
    for (const end = clock.at + ms; clock.at < end; clock.at += everyMs) session.advance(5)
    return (session.look().json('clock') as Clock).step - before
  }
  expect(stepsIn(2_000, 4)).toBeGreaterThanOrEqual(97)
  expect(stepsIn(2_000, 4)).toBeLessThanOrEqual(103)
  clock.at += 60_000
  expect(stepsIn(1_000, 4)).toBeLessThanOrEqual(60)
})

test('the lines of the past end at the step that is shown, and those of a branch have each step once', () => {
  const { session, say } = driven(schelling, { seed: 5, params: { width: 12, height: 12, residents: 100 } })
  session.ask([question('series', 'model')])
  const line = () => {
    const points = seriesPoints(seriesName('happy'), session.look())
    return Array.from({ length: points.length / 4 }, (_, i) => [points[4 * i], points[4 * i + 3]])
  }
  say({ do: 'step', steps: 40 })
  const whole = line()
  expect(whole.map(([step]) => step)).toEqual(Array.from({ length: 41 }, (_, i) => i))
  for (const step of [31, 2, 0, 18]) {
    say({ do: 'seek', step })
    expect(line()).toEqual(whole.slice(0, step + 1))
  }
  say({ do: 'branch' })
  say({ do: 'step', steps: 22 })
  expect(line()).toEqual(whole)
})

test('a model that stops ends the session with its reason, and its past can be seen', () => {
  const { say, session } = driven(virus, { seed: 3, params: { people: 60, recover: 0.9, immune: 1 } })
  const end = say({ do: 'play' })
  expect(end).toMatchObject({ state: 'ended', reason: 'the virus has died out' })
  expect(() => session.command({ do: 'play' })).toThrow(/begin anew/)
  expect(say({ do: 'seek', step: 1 })).toMatchObject({ state: 'paused', step: 1, reason: null })
  expect(say({ do: 'play' })).toEqual(end)
})

class Bomb extends Agent<Mine> {
  override step() {
    if (this.model.steps === 7) throw new Error('the fuse was short')
  }
}
class Mine extends Model {
  bombs = this.agentsOf(Bomb)
  override setup() {
    this.spawn(3, Bomb)
  }
  override step() {
    this.bombs.do(bomb => bomb.step())
  }
}
const mine = defineScenario({ title: 'Mine', model: Mine, params: z.object({}), agents: { Bomb } })

test('a model that throws fails the session with its reason, throws nothing out of it, and its past can be seen', () => {
  const { say } = driven(mine)
  const failed = say({ do: 'play' })
  expect(failed).toMatchObject({ state: 'failed', newest: 6, digest: null })
  expect(failed.reason).toMatch(/the fuse was short/)
  expect(say({ do: 'seek', step: 5 })).toMatchObject({ state: 'paused', step: 5, digest: digestOf(mine, 5, 1) })
  expect(say({ do: 'reset' })).toMatchObject({ state: 'paused', step: 0, reason: null })
})

test('a view that throws is told, and the run goes on', () => {
  const scenario = {
    ...mine,
    view: {
      agents: {
        Bomb: () => {
          throw new Error('no such colour')
        },
      },
    },
  }
  const { say } = driven(scenario)
  const clock = say({ do: 'step', steps: 4 })
  expect(clock.reason).toMatch(/could not be drawn.*no such colour/)
  expect(clock).toMatchObject({ step: 4, state: 'paused' })
})

test('the digest is told while the run stands still, and not while it plays', () => {
  const { session, clock } = driven(wealth)
  session.command({ do: 'play' })
  session.advance(5)
  clock.at += 50
  expect(session.look().json('clock')).toMatchObject({ state: 'playing', digest: null })
})

test('checkpoints stay within their limits, and reach back to the beginning', () => {
  const { session, say } = driven(wealth, { params: { people: 5 } })
  say({ do: 'step', steps: 20_000 })
  const { checkpoints, checkpointsDropped } = session.counters
  expect(checkpoints).toBeLessThanOrEqual(64)
  expect(checkpoints).toBeGreaterThan(16)
  expect(checkpointsDropped).toBeGreaterThan(0)
  expect(say({ do: 'seek', step: 1 })).toMatchObject({ step: 1, earliest: 0 })
})

test('an input beyond the limit is refused', () => {
  const { session, say } = driven(wolfSheep)
  for (let i = 0; i < 10_000; i++) {
    session.command({ do: 'change', key: 'regrow', value: 1 + (i % 9) })
    if (i % 500 === 0) say({ do: 'step' })
  }
  expect(() => session.command({ do: 'change', key: 'regrow', value: 11 })).toThrow(/at most 10000 a run/)
})

test('an operator’s order is refused where nothing trades', () => {
  const session = new Session(new RunsInMemory(wealth as unknown as Scenario), { now: new HandClock().now })
  expect(() => session.command({ do: 'operate', order: { do: 'halt' } })).toThrow(/a run that trades/)
})
