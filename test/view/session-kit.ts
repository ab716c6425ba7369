/** What the tests of sessions share: a clock that stands still between two readings of a known length, and a session that is driven by hand. */
import type { Scenario } from '../../src/model/index.js'
import { type Clock, type Command, RunsInMemory, Session, type SessionOptions } from '../../src/view/index.js'

export class HandClock {
  at = 0
  /** What each reading costs, ms. */
  tick = 0.1
  readonly now = (): number => {
    this.at += this.tick
    return this.at
  }
}

export interface Driven {
  readonly session: Session
  readonly clock: HandClock
  /** Says a command and makes all steps that follow of it. */
  say(command: Command): Clock
  shown(): Clock
}

export function driven(scenario: unknown, options: Omit<SessionOptions, 'now'> = {}): Driven {
  const clock = new HandClock()
  const session = new Session(new RunsInMemory(scenario as Scenario), { ...options, now: clock.now })
  const shown = () => session.look().json('clock') as Clock
  const say = (command: Command) => {
    session.command(command)
    for (let i = 0; Number.isFinite(session.advance(50)); i++) if (i > 100_000) throw new Error('it never stands still')
    return shown()
  }
  return { session, clock, say, shown }
}
