/** What a viewer orders of a trading run, as the command that the swarm takes from any operator. */

import { OperatorError } from '../../core/index.js'
import { type OperatorCommand, parseCommand } from '../live/operator-command.js'

/** Throws an `OperatorError` where the order is none. */
export function orderOf(order: Readonly<Record<string, unknown>>): OperatorCommand {
  const command = parseCommand({ reason: 'a viewer', ...order })
  if (command !== undefined) return command
  throw new OperatorError({
    what: 'an order of an operator',
    expected: 'halt, resume, unlock, close, cancel, lock, blacklist, review or set, with its own fields',
    got: order.do,
  })
}
