/** One page of the agents of a type: found, sorted and cut here, so that a viewer of a million agents reads a screenful. */

import type { Agent, Simulation } from '../model/index.js'
import { fieldsOf } from './agent-view.js'
import { viewLimits } from './limits.js'

/** What is asked: `page/<type>/<column>/<asc|desc>/<from>/<count>/<search>`. */
export interface PageQuestion {
  readonly type: string
  /** A field of the agents; empty: in order of birth. */
  readonly column: string
  readonly descending: boolean
  readonly from: number
  readonly count: number
  /** Text that a key or a field contains, small or capital; empty: all. */
  readonly search: string
}

export interface AgentPage {
  /** Agents found, on all pages. */
  readonly found: number
  readonly columns: readonly string[]
  /** Id, key, then a value a column. */
  readonly rows: readonly (readonly unknown[])[]
}

export function pageQuestion(words: readonly string[]): PageQuestion | undefined {
  const [, type, column = '', order, from, count, search = ''] = words
  if (type === undefined) return undefined
  return {
    type,
    column,
    descending: order === 'desc',
    from: whole(from, 0, Number.MAX_SAFE_INTEGER),
    count: whole(count, 50, viewLimits.pageRows),
    search,
  }
}

/** Within `sim.look`. */
export function agentPage(sim: Simulation, { type, column, descending, from, count, search }: PageQuestion): AgentPage {
  const set = sim.population.sets.get(type)
  const all = set === undefined ? [] : [...set]
  const found = search === '' ? all : all.filter(agent => holds(agent, search.toLowerCase()))
  if (column !== '') sort(found, column, descending)
  else if (descending) found.reverse()
  const shown = found.slice(from, from + count)
  const columns = Object.keys(shown[0] === undefined ? {} : fieldsOf(shown[0]))
  const rows = shown.map(agent => {
    const fields = fieldsOf(agent)
    return [agent.id, agent.key, ...columns.map(name => fields[name] ?? null)]
  })
  return { found: found.length, columns, rows }
}

function holds(agent: Agent, search: string): boolean {
  if (agent.key.toLowerCase().includes(search)) return true
  return Object.values(fieldsOf(agent)).some(value => String(value).toLowerCase().includes(search))
}

function sort(agents: Agent[], column: string, descending: boolean): void {
  const sign = descending ? -1 : 1
  const keyOf = (agent: Agent): unknown =>
    column === 'key' ? agent.ordinal : (agent as unknown as Record<string, unknown>)[column]
  agents.sort((a, b) => sign * compare(keyOf(a), keyOf(b)))
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function whole(text: string | undefined, standard: number, most: number): number {
  const value = Number(text)
  return text !== undefined && text !== '' && Number.isInteger(value) && value >= 0 ? Math.min(value, most) : standard
}
