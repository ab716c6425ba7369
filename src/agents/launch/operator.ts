/** What an operator may say to the launch world: stop and go on, list, review, and sell what users hold. */

import { OperatorError } from '../../core/index.js'
import { type CommandedModel, noteCommand, type OperatorCommand, type Outcome } from '../mycelial/operator.js'
import { answerReview, type Control, endStops, isKnownName, stop } from './control.js'
import { launchLimits } from './limits.js'
import type { LaunchToken } from './token.js'
import { Reviewed } from './topics.js'
import type { User } from './user.js'

/** The launch world, as commands need it. */
export interface CommandedLaunches extends CommandedModel {
  readonly params: { readonly fetchEveryMs: number }
  readonly tokens: ReadonlyMap<string, LaunchToken>
  readonly owners: ReadonlyMap<string, unknown>
  readonly users: Iterable<User>
  /** What the trade-agent is controlled by; undefined: there is none. */
  readonly control: Control | undefined
  publish: CommandedModel['publish'] & ((topic: typeof Reviewed, review: Reviewed) => void)
}

/** Carries out a command, or refuses it; either is recorded. */
export function takeLaunchCommand(model: CommandedLaunches, command: OperatorCommand): void {
  noteCommand(model, command, () => outcomeOf(model, command))
}

function outcomeOf(model: CommandedLaunches, command: OperatorCommand): Outcome {
  const control = controlOf(model)
  const { now } = model
  const { reason } = command
  switch (command.do) {
    case 'halt':
      return begun(stop(control, { what: 'all', by: 'operator', until: null, reason }))
    case 'resume':
      return ended(endStops(control, ({ by, what }) => by === 'operator' && what === 'all'))
    case 'lock': {
      const until = command.forMs === null ? null : now + command.forMs
      return begun(stop(control, { what: known(model, command.pair), by: 'operator', until, reason }))
    }
    case 'unlock':
      return ended(endStops(control, ({ id, what, by }) => id === command.id || (by === 'operator' && what === command.id)))
    case 'close':
      return sell(model, command.pair)
    case 'blacklist':
      return list(model, control, command)
    case 'review': {
      const { id, approve } = command
      const review = answerReview(control, id, approve, now + 2 * model.params.fetchEveryMs)
      model.publish(Reviewed, { ...review, time: now, status: approve ? 'approved' : 'refused' })
      return { outcome: approve ? `${review.pair} may be entered.` : `${review.pair} is not entered.` }
    }
    default:
      throw new OperatorError({
        what: `the command ${command.do} to a world of launches`,
        expected: 'halt, resume, lock, unlock, close, blacklist or review',
        got: command.do,
        next: 'Limits are parameters; begin another run with other ones.',
      })
  }
}

function controlOf({ control }: CommandedLaunches): Control {
  if (control !== undefined) return control
  throw new OperatorError({ what: 'a command to the trade-agent', expected: 'at least one user', got: 'none' })
}

function known({ tokens, owners }: CommandedLaunches, name: string): string {
  if (isKnownName(name, tokens, owners)) return name
  throw new OperatorError({ what: `"${name}"`, expected: 'all, a phase, a token that is traded, or a creator', got: name })
}

function begun({ id, what }: { id: string; what: string }): Outcome {
  return { outcome: `Nothing of ${what} is entered; exits go on: stop ${id}.` }
}

function ended(n: number): Outcome {
  return { outcome: n === 0 ? 'No such stop was in force.' : `${n} ended.` }
}

function sell({ users, tokens }: CommandedLaunches, pair: string | null): Outcome {
  let n = 0
  for (const user of users)
    for (const held of [...user.positions.keys()]) {
      const token = pair === null || pair === held ? tokens.get(held) : undefined
      if (token !== undefined && user.leave(token, 'operator')) n++
    }
  return { outcome: n === 0 ? 'Nobody held it.' : `${n} positions leave.` }
}

/** A token that is launched later may be listed too: its name is known before. */
function list(model: CommandedLaunches, control: Control, { names, lift }: OperatorCommand & { do: 'blacklist' }): Outcome {
  const listed = new Set(control.blacklist)
  const before = listed.size
  for (const name of names) {
    if (lift) listed.delete(name)
    else if (/^TOKEN-\d+$/.test(name) || known(model, name)) listed.add(name)
  }
  if (listed.size > launchLimits.blacklisted)
    throw new OperatorError({ what: 'the blacklist', expected: `at most ${launchLimits.blacklisted} names`, got: listed.size })
  control.blacklist = [...listed]
  const changed = Math.abs(listed.size - before)
  return { outcome: `${changed} ${lift ? 'taken off' : 'put on'} the blacklist; it has ${listed.size}.` }
}
