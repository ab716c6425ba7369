/** Parameters that move while a run goes on: each move is an input of the next tick, hashed, written down, kept by a checkpoint. */

import { Agent, defineScenario, Model, resume, simulate, z } from 'mycelia'
import { expect, it } from 'vitest'
import schelling from '../../scenarios/models/schelling.js'
import { inputOf } from '../../src/model/index.js'

const params = z
  .object({
    least: z.number().int().min(0).default(1).meta({ changeable: true }).describe('least of a draw'),
    most: z.number().int().max(100).meta({ changeable: true }).default(9).describe('most of a draw'),
    fixed: z.number().default(0),
  })
  .refine(({ least, most }) => least <= most, 'least ≤ most')

class Drawer extends Agent<Draws> {
  sum = 0
  override step() {
    const { least, most } = this.model.params
    this.sum += least + this.rng.int(most - least + 1)
  }
}

class Draws extends Model<typeof params> {
  drawers = this.agentsOf(Drawer)
  seen: number[] = []
  heard: string[] = []
  override setup() {
    this.spawn(3, Drawer)
    this.every(0.5, 'note')
  }
  note() {
    this.seen.push(this.params.least)
  }
  override receive({ kind }: { kind: string }) {
    this.heard.push(`${kind} at ${this.now} with ${this.params.least}`)
  }
  override step() {
    this.drawers.do(each => each.step())
  }
}

const scenario = defineScenario({
  title: 'Draws',
  model: Draws,
  params,
  agents: { Drawer },
  collect: { model: { sum: m => m.drawers.sum(d => d.sum) } },
})
const moves = [
  [2, 'most', 50],
  [3, 'least', 20],
  [3, 'most', 21],
  [7, 'least', 0],
  [9, 'most', 1],
] as const

function session(steps = 12) {
  const sim = simulate(scenario, { seed: 5 })
  for (let done = 0; done < steps; done++) {
    for (const [at, key, value] of moves) if (at === done) sim.change(key, value)
    sim.step()
  }
  return sim
}

it('five moves come to one digest, which a replay of the table inputs comes to as well, and no other session does', () => {
  const first = session()
  const replayed = simulate(scenario, { seed: 5 })
  const rows = first.table('inputs').toRows()
  expect(rows.map(({ step, kind, key, old, value }) => [step, kind, key, old, value])).toEqual([
    [2, 'change', 'most', '9', '50'],
    [3, 'change', 'least', '1', '20'],
    [3, 'change', 'most', '50', '21'],
    [7, 'change', 'least', '20', '0'],
    [9, 'change', 'most', '21', '1'],
  ])
  for (let step = 0; step < 12; step++) {
    for (const row of rows) if (row.step === step) replayed.input(inputOf(row))
    replayed.step()
  }
  expect(replayed.digest).toBe(first.digest)
  expect(replayed.table('inputs').toRows()).toEqual(rows)
  const without = simulate(scenario, { seed: 5 })
  without.run({ steps: 12 })
  expect(without.digest).not.toBe(first.digest)
})

it('a move that moves nothing is in the digest nevertheless', () => {
  const [plain, moved] = [simulate(scenario), simulate(scenario)]
  moved.change('least', 1)
  for (const sim of [plain, moved]) sim.run({ steps: 3 })
  expect(moved.digest).not.toBe(plain.digest)
})

it('a moved value is in force from the next tick on, before an event of that tick, and not before', () => {
  const sim = simulate(scenario)
  sim.run({ steps: 2 })
  sim.change('least', 7)
  expect(sim.model.params.least).toBe(1)
  sim.step()
  expect(sim.model.heard).toEqual(['change at 2.5 with 7'])
  expect(sim.model.seen.filter(least => least === 7).length).toBe(sim.model.seen.length - sim.model.seen.indexOf(7))
  expect(sim.model.seen.indexOf(7)).toBe(4)
  expect(Object.isFrozen(sim.model.params)).toBe(true)
})

it.each([
  ['lest', 3, /Unknown parameter "lest". Did you mean "least"\?/],
  ['fixed', 3, /parameter "fixed": expected one that may change: least, most.*changeable: true/],
  ['least', -1, /parameter "least": expected at least 0, got -1/],
  ['least', 10, /least ≤ most/],
  ['least', Number.NaN, /parameter "least"/],
])('a move of %s to %s is refused, and nothing has changed', (key, value, message) => {
  const [sim, untouched] = [simulate(scenario), simulate(scenario)]
  expect(() => sim.change(key as 'least', value)).toThrow(message)
  for (const each of [sim, untouched]) each.run({ steps: 2 })
  expect(sim.digest).toBe(untouched.digest)
  expect(sim.table('inputs').length).toBe(0)
})

it('moves for one tick are checked one after another, each after those before it', () => {
  const sim = simulate(scenario)
  expect(() => sim.change('least', 40)).toThrow(/least ≤ most/)
  sim.change('most', 50)
  sim.change('least', 40)
  sim.step()
  expect(sim.model.params).toEqual({ least: 40, most: 50, fixed: 0 })
})

it('a resume at any step around a move goes on as the run does, with what waits, what is in force and the rows', () => {
  const whole = session()
  for (let cut = 0; cut <= 11; cut++) {
    let sim = simulate(scenario, { seed: 5 })
    for (let done = 0; done < 12; done++) {
      for (const [at, key, value] of moves) if (at === done) sim.change(key, value)
      if (done === cut) sim = resume(scenario, sim.save())
      sim.step()
    }
    expect([cut, sim.digest]).toEqual([cut, whole.digest])
    expect(sim.table('inputs').toRows()).toEqual(whole.table('inputs').toRows())
    expect(sim.counters.inputs).toEqual({ taken: 5 })
  }
})

it('a check of resumes and a viewer change no digest of a session with moves', () => {
  const watched = simulate(scenario, { seed: 5, checkResume: true, checkLooking: true })
  watched.tap(() => undefined)
  for (let done = 0; done < 12; done++) {
    for (const [at, key, value] of moves) if (at === done) watched.change(key, value)
    watched.step()
    watched.look(model => model.rng.int(9))
  }
  expect(watched.digest).toBe(session().digest)
})

it('a model, a viewer and a run that has ended hand in nothing', () => {
  const sim = simulate(scenario)
  expect(() => sim.look(() => sim.change('least', 2))).toThrow(/input\(\)/)
  sim.model.stop('enough')
  expect(() => sim.change('least', 2)).toThrow(/expected a run that goes on, got "enough"/)
})

it('a model that takes no inputs says so', () => {
  const sim = simulate(schelling)
  expect(() => sim.input({ kind: 'operator' })).toThrow(/input "operator": expected a model with receive\(input\)/)
  expect(() => sim.input('halt' as never)).toThrow(/expected plain data with a `kind`, got "halt"/)
})

it('no table of a scenario may take the name inputs', () => {
  const named = defineScenario({
    title: 'T',
    model: Draws,
    params,
    agents: { Drawer },
    collect: { messages: { inputs: { topics: [], columns: {} } } },
  })
  expect(() => simulate(named)).toThrow(/a name no other table has/)
})
