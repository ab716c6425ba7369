/** What agents, sets, models and simulations print of themselves. */

import { inspect } from 'node:util'
import { Agent, defineScenario, Model, simulate, z } from 'mycelia'
import { expect, it } from 'vitest'

class Sheep extends Agent<Meadow> {
  energy = 4
  name = 'Dolly'
  friend: Sheep | undefined = undefined
  eaten = [1, 2]
}
class Wolf extends Agent<Meadow> {
  override step(): void {
    throw new Error('toothache')
  }
}
const params = z.object({ sheep: z.number().default(20), wolves: z.number().default(2) })
class Meadow extends Model<typeof params> {
  sheep = this.agentsOf(Sheep)
  override setup(): void {
    this.spawn(this.params.sheep, Sheep)
    this.spawn(this.params.wolves, Wolf)
  }
  override step(): void {
    this.agentsOf(Wolf).do(wolf => wolf.step())
    if (this.steps === 3) this.stop('enough')
  }
  override onAgentFailure(): 'quarantine' {
    return 'quarantine'
  }
}
const meadow = () => simulate(defineScenario({ title: 'Meadow', model: Meadow, params, agents: { Sheep, Wolf } }), { seed: 7 })

it('an agent prints its key, its id and its own fields', () => {
  const { model } = meadow()
  const sheep = model.sheep.at(3) as Sheep
  sheep.friend = model.sheep.at(0)
  const text = 'Sheep-3 (id 4) { energy: 4, name: "Dolly", friend: Sheep-0, eaten: Array of 2 }'
  expect(inspect(sheep)).toBe(text)
  expect(String(sheep)).toBe(text)
  expect(inspect(model.agentsOf(Wolf).at(0))).toBe('Wolf-0 (id 21)')
})

it('a set prints its size and its first agents', () => {
  const { model } = meadow()
  expect(inspect(model.sheep)).toBe('AgentSet of 20: Sheep-0, Sheep-1, Sheep-2, Sheep-3, Sheep-4, …')
  expect(`${model.sheep.where(() => false)}`).toBe('AgentSet of 0')
})

it('a model prints its step, time, seed, agents by type and parameters', () => {
  const sim = meadow()
  expect(inspect(sim.model)).toBe(
    ['Meadow at step 0, time 0, seed 7', '  22 agents: Sheep 20, Wolf 2', '  parameters { sheep: 20, wolves: 2 }'].join('\n'),
  )
})

it('a simulation prints the same of its scenario, whom it quarantined and why it ended, in five lines', () => {
  const sim = meadow()
  expect(inspect(sim).split('\n')).toHaveLength(3)
  sim.run()
  expect(inspect(sim)).toBe(
    [
      'Simulation of meadow, seed 7, step 3, time 3',
      '  22 agents: Sheep 20, Wolf 2',
      '  parameters { sheep: 20, wolves: 2 }',
      '  2 quarantined, the last Wolf-1',
      '  ended: enough',
    ].join('\n'),
  )
})

it('printing changes nothing', () => {
  const [silent, printed] = [meadow(), meadow()]
  for (let i = 0; i < 3; i++) {
    silent.step()
    printed.step()
    inspect([printed, printed.model, printed.model.sheep, printed.model.sheep.at(i)])
  }
  expect(printed.digest).toBe(silent.digest)
})
