/** The table `roster`: the key and type of each agent, for the ids in the other tables. It has one row an agent, written at the end of its first step, or of the set-up (step 0). */

import type { ReadColumns, Table } from '../core/index.js'
import type { Agent } from './agent.js'
import type { Kernel } from './kernel.js'

export class Roster {
  /** The columns after `step`. */
  static readonly columns = {
    id: { type: 'integer', meaning: 'Unique in a run, ascending by birth.', read: a => a.id },
    key: { type: 'text', meaning: 'Type and ordinal, as in `PatternLearner-7`.', read: a => a.key },
    type: { type: 'text', meaning: 'Its class.', read: a => a.type },
    ordinal: { type: 'integer', meaning: 'Its number among the agents of its type, from 0.', read: a => a.ordinal },
  } satisfies ReadColumns<Agent>

  /** The last agent that has a row, by id. */
  enrolled = 0

  constructor(
    readonly table: Table,
    private readonly kernel: Kernel,
  ) {}

  /** Writes a row for every living agent spawned since the last call. */
  enrol(): void {
    const { table } = this
    const { population, clock } = this.kernel
    if (population.born === this.enrolled) return
    const born = [...population].filter(agent => agent.id > this.enrolled).sort((a, b) => a.id - b.id)
    this.enrolled = population.born
    table.columns.get('step')?.repeat(clock.steps, born.length)
    for (const [name, { read }] of Object.entries(Roster.columns)) table.columns.get(name)?.pushEach(born, read)
  }
}
