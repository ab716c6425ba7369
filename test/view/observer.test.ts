import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import wealth from '../../scenarios/wealth.js'
import { type Scenario, simulate } from '../../src/model/index.js'
import {
  type About,
  type Clock,
  Observer,
  Parts,
  question,
  Subscription,
  seriesName,
  seriesPoints,
} from '../../src/view/index.js'

const clock: Clock = {
  step: 0,
  time: 0,
  state: 'playing',
  newest: 0,
  earliest: 0,
  speed: null,
  rate: 0,
  reason: null,
  digest: null,
  branch: 0,
}

const models = readdirSync('scenarios/models').map(file => file.replace('.ts', ''))

async function modelNamed(name: string): Promise<Scenario> {
  return (await import(`../../scenarios/models/${name}.ts`)).default
}

/** Every part by name, as values that can be compared. */
function contents(parts: Parts): Record<string, unknown> {
  return Object.fromEntries([...parts.names()].sort().map(name => [name, parts.json(name) ?? [...(parts.array(name) ?? [])]]))
}

test.each(models)('watching %s at every step moves no digest', async name => {
  const scenario = await modelNamed(name)
  const bare = simulate(scenario, { seed: 7 })
  const watched = simulate(scenario, { seed: 7 })
  const observer = new Observer(watched)
  observer.ask([question('series', 'model'), question('page', Object.keys(watched.agents)[0] ?? '', '', 'asc', 0, 20, '')])
  for (let i = 0; i < 30; i++) {
    bare.step()
    watched.step()
    observer.stepped()
    observer.look(clock)
  }
  expect(watched.digest).toBe(bare.digest)
})

test('a viewer that comes late, one that misses frames and one that sees all end with the same parts', async () => {
  const sim = simulate(await modelNamed('wolf-sheep'), { seed: 3 })
  const observer = new Observer(sim)
  const questions = [question('series', 'model'), question('agent', 'Sheep-1')]
  observer.ask(questions)
  const viewers = [1, 50, 700].map(every => ({ every, parts: new Parts(), subscription: new Subscription() }))
  for (const { subscription } of viewers) subscription.ask(questions)
  for (let step = 1; step <= 700; step++) {
    sim.step()
    observer.stepped()
    observer.look({ ...clock, step })
    for (const { every, parts, subscription } of viewers) {
      if (step % every !== 0) continue
      const frame = observer.parts.frame(subscription.since)
      if (frame !== undefined) parts.receive(frame)
      subscription.has(observer.parts.version)
    }
  }
  const [all, ...others] = viewers.map(({ parts }) => contents(parts))
  expect(Object.keys(all ?? {}).length).toBeGreaterThan(20)
  for (const other of others) expect(other).toEqual(all)
})

test('the lines of a viewer are the columns the run collected', () => {
  const sim = simulate(wealth, { seed: 1 })
  const observer = new Observer(sim)
  observer.ask([question('series', 'model')])
  for (let i = 0; i < 900; i++) {
    sim.step()
    if (i % 7 === 0) observer.look(clock)
  }
  observer.look(clock)
  const points = seriesPoints(seriesName('gini'), observer.parts)
  const column = sim.table('model').column('gini')
  expect(points.length / 4).toBe(column.length)
  expect(column.map((_, i) => points[4 * i + 3])).toEqual(column)
})

test('a line longer than its room keeps its least and its most', () => {
  const sim = simulate(wealth, { seed: 1, params: { people: 5 } })
  const observer = new Observer(sim)
  observer.ask([question('series', 'model')])
  for (let i = 0; i < 10_000; i++) {
    sim.step()
    if (i % 997 === 0) observer.look(clock)
  }
  observer.look(clock)
  const points = seriesPoints(seriesName('gini'), observer.parts)
  const column = sim.table('model').column('gini')
  const each = (field: number) => Array.from({ length: points.length / 4 }, (_, i) => points[4 * i + field] as number)
  expect(points.length / 4).toBeLessThanOrEqual(4_096)
  expect(Math.min(...each(1))).toBe(Math.min(...column))
  expect(Math.max(...each(2))).toBe(Math.max(...column))
  expect(each(3).at(-1)).toBe(column.at(-1))
  expect(each(0).at(-1)).toBe(10_000)
})

test('a frame of the 121 agents is at most 20 kB', () => {
  const sim = simulate(trifecta, { seed: 1 })
  const observer = new Observer(sim)
  const subscription = new Subscription()
  subscription.ask([question('series', 'model')])
  observer.ask(subscription.questions)
  sim.run({ steps: 300 })
  observer.look(clock)
  subscription.has(observer.parts.version)
  sim.step()
  observer.look(clock)
  const frame = observer.parts.frame(subscription.since)
  expect(frame?.length).toBeGreaterThan(0)
  expect(frame?.length).toBeLessThanOrEqual(20_000)
})

test('what is asked anew comes whole, and what is asked no more is forgotten', async () => {
  const sim = simulate(await modelNamed('schelling'), { seed: 3 })
  const observer = new Observer(sim)
  const viewer = new Parts()
  const subscription = new Subscription()
  const look = (questions: string[]) => {
    subscription.ask(questions)
    observer.ask(questions)
    sim.step()
    observer.stepped()
    observer.look(clock)
    const frame = observer.parts.frame(subscription.since)
    if (frame !== undefined) viewer.receive(frame)
    subscription.has(observer.parts.version)
  }
  look([])
  expect([...viewer.names()].some(name => name.startsWith('series/'))).toBe(false)
  look([question('series', 'model')])
  look([])
  expect([...observer.parts.names()].some(name => name.startsWith('series/'))).toBe(false)
  look([question('series', 'model')])
  expect(seriesPoints(seriesName('happy'), viewer).length / 4).toBe(5)
})

test('a page of agents is found, sorted and cut', () => {
  const sim = simulate(wealth, { seed: 1 })
  sim.run({ steps: 50 })
  const observer = new Observer(sim)
  const asked = question('page', 'Person', 'wealth', 'desc', 0, 10, '')
  observer.ask([asked])
  observer.look(clock)
  const page = observer.parts.json(asked) as { found: number; columns: string[]; rows: unknown[][] }
  const wealths = sim.model.agents.column(p => (p as unknown as { wealth: number }).wealth)
  expect(page.found).toBe(100)
  expect(page.columns).toContain('wealth')
  expect(page.rows[0]?.[2 + page.columns.indexOf('wealth')]).toBe(Math.max(...wealths))
  expect(page.rows.length).toBe(10)
})

test('a viewer hears of each parameter what a form needs', () => {
  const sim = simulate(wealth, { seed: 1 })
  const observer = new Observer(sim)
  observer.look(clock)
  const about = observer.parts.json('about') as About
  expect(about.parameters[0]).toEqual({
    name: 'people',
    type: 'integer',
    minimum: 2,
    maximum: 1_000_000,
    default: 100,
    description: expect.any(String),
    changeable: false,
  })
})
