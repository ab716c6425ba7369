/** The last state of a run, which its report draws without the scenario. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Agent, defineScenario, Model, SquareGrid, z } from '../../src/index.js'
import { lastStateOf } from '../../src/storage/index.js'
import { Parts } from '../../src/view/index.js'
import { run } from '../../src/world/index.js'

class Person extends Agent<Town> {
  age = 0
  override step() {
    this.age++
  }
}

class Dog extends Agent<Town> {}

const params = z.object({
  people: z.number().int().default(12),
  broken: z.boolean().default(false),
  tiredAt: z.number().int().default(0),
})

class Town extends Model<typeof params> {
  grid = new SquareGrid<Person | Dog>({ width: 6, height: 5, occupancy: 'many', rng: this.rng })
  override setup() {
    for (const agent of [...this.spawn(this.params.people, Person), ...this.spawn(3, Dog)]) this.grid.placeRandomly(agent)
  }
  override step() {
    this.agentsOf(Person).do(person => person.step())
    if (this.steps === this.params.tiredAt) throw new Error('tired')
  }
}

const town = defineScenario({
  name: 'town',
  title: 'Town',
  model: Town,
  params,
  agents: { Person, Dog },
  collect: { model: { age: m => m.agentsOf(Person).sum(p => p.age) }, agents: { Person: { age: p => p.age } } },
  view: {
    space: m => {
      if (m.params.broken) throw new Error('no picture')
      return m.grid
    },
    panels: { 'Who is there': { kind: 'text', look: m => ({ lines: [`After ${m.model.steps} steps.`] }) } },
  },
})

async function runOf(params: Record<string, unknown>) {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-last-state-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const out = join(place, 'run')
  return { out, result: await run({ scenario: town, steps: 4, params, out }) }
}

it('has the space, every agent where it stands, and what the scenario declares, and its report shows them', async () => {
  const { out } = await runOf({})
  const parts = new Parts(-1)
  parts.receive(lastStateOf(out) ?? new Uint8Array(0))
  expect(parts.json('space')).toEqual({ kind: 'square', width: 6, height: 5 })
  expect([parts.array('agents/Person/cell')?.length, parts.array('agents/Dog/cell')?.length]).toEqual([12, 3])
  expect(parts.json('panel/Who%20is%20there//lines')).toEqual(['After 4 steps.'])
  const page = readFileSync(join(out, 'report.html'), 'utf8')
  expect(page).toContain('Town (town)')
  expect(page).toContain('<h3>Person: age over time</h3>')
})

it('of a run that failed is that of the last whole step', async () => {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-last-state-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const out = join(place, 'run')
  await expect(run({ scenario: town, steps: 9, params: { tiredAt: 7 }, out })).rejects.toThrow('tired')
  const parts = new Parts(-1)
  parts.receive(lastStateOf(out) ?? new Uint8Array(0))
  expect(parts.json('panel/Who%20is%20there//lines')).toEqual(['After 6 steps.'])
  expect(parts.array('agents/Person/cell')?.length).toBe(12)
})

it('is nothing a run needs: where the view fails the run ends as it would, and its report does without', async () => {
  const [whole, broken] = [await runOf({}), await runOf({ broken: true })]
  expect(existsSync(join(broken.out, 'last-state.frame'))).toBe(false)
  expect(broken.result.outputs.model).toBe(whole.result.outputs.model)
  expect(readFileSync(join(broken.out, 'report.html'), 'utf8')).toContain('<h3>age</h3>')
})
