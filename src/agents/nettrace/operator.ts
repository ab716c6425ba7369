/** What an operator may say to a latency model: halt, go on, end a lock, close, cancel. */

import { OperatorError } from '../../core/index.js'
import { type Halt, SystemControl } from '../../trading/index.js'
import {
  type CommandedModel,
  cancelEntries,
  closePositions,
  haltOutcome,
  noteCommand,
  type OperatorCommand,
  type Outcome,
} from '../mycelial/operator.js'

/** The latency model, as commands need it. */
export interface CommandedNet extends CommandedModel {
  readonly locks: readonly Halt[]
  readonly traders: Iterable<{ recordEnds(): void }>
  publish: CommandedModel['publish'] & ((topic: typeof SystemControl, halt: Halt) => void)
}

/** Carries out a command, or refuses it; either is recorded. */
export function takeNetCommand(model: CommandedNet, command: OperatorCommand): void {
  noteCommand(model, command, () => {
    const outcome = outcomeOf(model, command)
    for (const trader of model.traders) trader.recordEnds()
    return outcome
  })
}

function outcomeOf(model: CommandedNet, command: OperatorCommand): Outcome {
  switch (command.do) {
    case 'halt':
      if (!model.locks.some(isOperators)) model.publish(SystemControl, haltAt(model.now, command.reason))
      return { outcome: haltOutcome.halt }
    case 'resume':
      for (const lock of model.locks.filter(isOperators)) end(model, lock, command.reason)
      return { outcome: haltOutcome.resume }
    case 'unlock':
      for (const lock of model.locks.filter(({ id }) => id === command.id)) end(model, lock, command.reason)
      return { outcome: 'The lock has ended, where it was in force.' }
    case 'close':
      return closePositions(model, command)
    case 'cancel':
      return cancelEntries(model, command)
    default:
      throw new OperatorError({
        what: `the command ${command.do} to a latency model`,
        expected: 'halt, resume, unlock, close or cancel',
        got: command.do,
        next: 'Its limits are those of its profile; begin another run with other ones.',
      })
  }
}

function isOperators({ kind, pair }: Halt): boolean {
  return kind === 'operator' && pair === null
}

function haltAt(time: number, reason: string): Halt {
  const ends = 'the operator resumes trading'
  return {
    id: `all:operator:all:${time}`,
    portfolio: 'all',
    kind: 'operator',
    pair: null,
    on: true,
    time,
    until: null,
    reason,
    ends,
  }
}

function end(model: CommandedNet, lock: Halt, reason: string): void {
  model.publish(SystemControl, { ...lock, on: false, time: model.now, reason })
}
