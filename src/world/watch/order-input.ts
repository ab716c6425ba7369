/** What a viewer orders of a trading run, as the input that the swarm takes from any operator. */

import { OperatorError } from '../../core/index.js'
import type { Simulation, TickInput } from '../../model/index.js'
import { parseCommand } from '../live/operator-command.js'

/** Throws an `OperatorError` where the order is none, or the run does not trade. */
export function orderInput(order: Readonly<Record<string, unknown>>, { scenario }: Pick<Simulation, 'scenario'>): TickInput {
  if (scenario.worlds === undefined)
    throw new OperatorError({ what: 'an order of an operator', expected: 'a run that trades', got: scenario.name })
  const command = parseCommand({ reason: 'a viewer', ...order })
  if (command !== undefined) return { kind: 'operator', command } as TickInput
  throw new OperatorError({
    what: 'an order of an operator',
    expected: 'halt, resume, unlock, close, cancel, lock or set, with its own fields',
    got: order.do,
  })
}
