/** The agents of each type over time: how many there were, and the mean, the least and the most of each number. */

import { numbersOf, rowsIn, tableBlocks, textsOf } from '../storage/index.js'
import type { AgentHistory, AgentsOverTime } from './data.js'
import { counted, integer } from './format.js'
import { getOrInsert } from './get-or-insert.js'
import { reportLimits } from './limits.js'

const ownColumns = ['type', 'step', 'id']

/** Sums of one number at one step. */
interface Sums {
  n: number
  sum: number
  least: number
  most: number
}

interface OfStep {
  count: number
  readonly columns: Map<string, Sums>
}

/** None of a table that is too long to be read whole, and no more types than a report has; what is left out is said. */
export async function agentsOverTime(path: string): Promise<AgentHistory> {
  const types = new Map<string, Map<number, OfStep>>()
  const all = await rowsIn(path)
  const most = reportLimits.agentRowsRead
  if (all > most)
    return { types: [], leftOut: `Not shown over time: ${integer(all)} rows of agents, more than ${integer(most)}.` }
  for await (const { columns, rows } of tableBlocks(path, 'all')) {
    const [names, steps] = [textsOf(columns.type), numbersOf(columns.step)]
    const numbers = Object.entries(columns).filter(([name]) => !ownColumns.includes(name))
    for (let i = 0; i < rows; i++) {
      const ofType = getOrInsert(types, names[i] || 'Agent', () => new Map<number, OfStep>())
      const ofStep = getOrInsert(ofType, steps[i] as number, () => ({ count: 0, columns: new Map<string, Sums>() }))
      ofStep.count++
      for (const [name, cells] of numbers) add(ofStep, name, cells[i])
    }
  }
  const shown = [...types].slice(0, reportLimits.agentTypes)
  const more = types.size - shown.length
  return {
    types: shown.map(([type, ofSteps]) => overTime(type, ofSteps)),
    leftOut: more === 0 ? null : `Not shown over time: ${counted(more, 'further type')}.`,
  }
}

function add({ columns }: OfStep, name: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) return
  const sums = getOrInsert(columns, name, () => ({
    n: 0,
    sum: 0,
    least: Number.POSITIVE_INFINITY,
    most: Number.NEGATIVE_INFINITY,
  }))
  sums.n++
  sums.sum += value
  sums.least = Math.min(sums.least, value)
  sums.most = Math.max(sums.most, value)
}

function overTime(type: string, ofSteps: ReadonlyMap<number, OfStep>): AgentsOverTime {
  const every = Math.ceil(ofSteps.size / reportLimits.agentSteps)
  const kept = [...ofSteps].filter((_, i) => i % every === 0 || i === ofSteps.size - 1)
  const names = [...new Set(kept.flatMap(([, { columns }]) => [...columns.keys()]))]
  const of = (name: string, read: (sums: Sums) => number) =>
    kept.map(([, { columns }]) => {
      const sums = columns.get(name)
      return sums === undefined ? null : read(sums)
    })
  const columns = names.map(name => {
    const mean = of(name, ({ sum, n }) => sum / n)
    return [name, { mean, least: of(name, ({ least }) => least), most: of(name, ({ most }) => most) }] as const
  })
  return {
    type,
    steps: kept.map(([step]) => step),
    count: kept.map(([, { count }]) => count),
    columns: Object.fromEntries(columns),
  }
}
