/** A roster: agents that step in random order and do nothing. A run measures the cost of the framework itself. */

import { Agent, defineScenario, Model, z } from 'mycelia'

const params = z.object({
  agents: z.number().int().min(1).max(1_000_000).default(121).describe('number of agents'),
})

class Member extends Agent<Roster> {
  value = 0
}

class Roster extends Model<typeof params> {
  members = this.agentsOf(Member)

  override setup() {
    this.spawn(this.params.agents, Member)
  }

  override step() {
    this.members.shuffleDo(member => member.step())
  }
}

export default defineScenario({
  name: 'roster',
  title: 'Roster of idle agents',
  model: Roster,
  params,
  agents: { Member },
  steps: 1_000,
  collect: { model: { members: m => m.members.size }, agents: { Member: { value: m => m.value } } },
  view: { charts: ['members'], agents: { Member: m => ({ size: 1 + m.value }) } },
})
