import { type Scenario, type Simulation, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { models } from './kit.js'

const steps = 40

/** Everything a run wrote down. */
function tablesOf(sim: Simulation): string {
  return JSON.stringify([...sim.tables].map(([name, table]) => [name, table.toRows()]))
}

function run(scenario: Scenario, params: Record<string, unknown>, seed: number): Simulation {
  const sim = simulate(scenario, { seed, params })
  sim.run({ steps })
  return sim
}

describe.each(models)('the model $name', ({ name, scenario, params }) => {
  it('D5: tells another story for every seed, and the same for the same', () => {
    const stories = [1, 2, 3, 4].map(seed => tablesOf(run(scenario, params, seed)))
    if (name !== 'roster') expect(new Set(stories).size).toBe(4)
    expect(tablesOf(run(scenario, params, 1))).toBe(stories[0])
  })

  it('D8: is not changed by taps, a stopwatch, looks at its state or at its view', () => {
    const alone = run(scenario, params, 7).digest
    const seen = simulate(scenario, { seed: 7, params, stopwatch: () => 0 })
    seen.tap(() => {})
    seen.run({ steps, onStep: model => look(scenario, model) })
    expect(seen.digest).toBe(alone)
  })

  it('has a description and a default for every parameter, charts it collects and a view of every agent', () => {
    for (const field of Object.values(z.toJSONSchema(scenario.params).properties ?? {})) {
      expect(field).toHaveProperty('description')
      expect(field).toHaveProperty('default')
    }
    const columns = Object.keys(scenario.collect?.model ?? {})
    expect(columns).toEqual(expect.arrayContaining([...(scenario.view?.charts ?? [])]))
    expect(Object.keys(scenario.view?.agents ?? {}).length).toBeGreaterThan(0)
  })
})

/** What a viewer does: draws every agent it knows how to draw, and asks for the space. */
function look(scenario: Scenario, model: Simulation['model']): void {
  for (const agent of model.agents) scenario.view?.agents?.[agent.type]?.(agent as never)
  scenario.view?.space?.(model)
}
