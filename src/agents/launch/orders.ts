/** Orders of an operator as a table: `at,do,what,reason`. Each is an input of the slot in which its time comes. */

import type { TimeMs } from '../../core/index.js'
import { parseTime } from '../../market/index.js'
import type { TickInput } from '../../model/index.js'
import { type Row, readRows } from '../decision/rows.js'
import type { OperatorCommand } from '../mycelial/operator.js'
import { launchLimits } from './limits.js'
import type { PlannedOrder } from './slots.js'

const columns = ['at', 'do', 'what', 'reason'] as const
type OrderRow = Row<(typeof columns)[number]>

/** Characters of one table. */
const CHARACTERS = 1_000_000

/** What an order does, and what its `what` names. */
const acts = {
  stop: { names: 'all, a phase, a token or a creator', command: (what: string) => ({ do: 'lock', pair: what, forMs: null }) },
  go: { names: 'what was stopped, or the id of a stop', command: (what: string) => ({ do: 'unlock', id: what }) },
  sell: {
    names: 'all or a token',
    command: (what: string) => ({ do: 'close', pair: what === 'all' ? null : what, portfolio: null }),
  },
  blacklist: {
    names: 'tokens and creators',
    command: (what: string) => ({ do: 'blacklist', names: what.split(' '), lift: false }),
  },
  unlist: { names: 'tokens and creators', command: (what: string) => ({ do: 'blacklist', names: what.split(' '), lift: true }) },
  approve: { names: 'the id of a review', command: (what: string) => ({ do: 'review', id: what, approve: true }) },
  refuse: { names: 'the id of a review', command: (what: string) => ({ do: 'review', id: what, approve: false }) },
} as const satisfies Record<string, { names: string; command: (what: string) => Record<string, unknown> }>

/** The words of the column `do`. */
const orderActs = Object.keys(acts) as readonly (keyof typeof acts)[]

/** Reads orders. @throws OperatorError with file:line:column. */
export function parseOrders(text: string, file: string): PlannedOrder[] {
  const orders: PlannedOrder[] = []
  const most = { rows: launchLimits.orders, characters: CHARACTERS }
  readRows({ text, file, columns, most }, row => {
    const command = { ...commandOf(row), reason: row.cell('reason') } as OperatorCommand
    orders.push({ at: timeOf(row), input: { kind: 'operator', command } as TickInput })
  })
  return orders
}

function commandOf(row: OrderRow): Record<string, unknown> {
  const name = orderActs.find(each => each === row.cell('do'))
  if (name === undefined) throw row.wrong('do', `one of ${orderActs.join(', ')}`)
  const what = row.cell('what').trim()
  if (what === '' || what.length > 500) throw row.wrong('what', acts[name].names)
  return acts[name].command(what)
}

function timeOf(row: OrderRow): TimeMs {
  const text = row.cell('at')
  const time = parseTime(text, 0, text.length)
  if (!(time >= 0)) throw row.wrong('at', 'a time such as 2024-01-01T00:30:00Z')
  return time
}
