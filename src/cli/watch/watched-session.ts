/** Drives a session beside the server of its viewers: makes the steps that are due, looks when a viewer would see it, does what they command. */

import type { RunChannel } from '../../server/index.js'
import { type Beginning, type BranchPoint, type Command, FramePace, type Session } from '../../view/index.js'
import type { LeftRun } from '../../world/index.js'

/** Longest stretch of steps before others may run, ms. */
const sliceMs = 8
/** Longest sleep: signals and viewers wake it earlier. */
const restMs = 1_000

/** Where the runs of a session come from, and go to. */
export interface WatchedRuns {
  /** Before a run begins: what it needs and comes asynchronously. */
  prepare(beginning: Beginning): Promise<void>
  /** Before a look at the past. */
  preparePast(): Promise<void>
  /** Before a run goes on from a past step; rejects where the signal comes first. */
  prepareBranch(point: BranchPoint, signal: AbortSignal): Promise<void>
  /** `by`: what ends the run before its time. */
  close(by?: string): Promise<LeftRun | undefined>
}

export interface Drive {
  readonly session: Session
  readonly viewers: RunChannel
  readonly runs: WatchedRuns
  readonly signal: AbortSignal
  /** Whether it may end by itself. */
  readonly isDone?: () => boolean
}

/** Resolves when the signal says so, or it is done. */
export async function drive({ session, viewers, runs, signal, isDone = () => false }: Drive): Promise<void> {
  const pace = new FramePace()
  const bell = new Bell()
  signal.addEventListener('abort', () => bell.ring(), { once: true })
  let before: Promise<void> = Promise.resolve()
  viewers.onQuestions(questions => {
    session.ask(questions)
    pace.hurry()
    bell.ring()
  })
  viewers.onCommand(command => {
    // One after another: what is prepared for one must not serve the next.
    const done = before.then(async () => {
      await prepare(runs, session, command, signal)
      session.command(command)
    })
    before = done
      .catch(() => undefined)
      .then(() => {
        pace.hurry()
        bell.ring()
      })
    return done
  })
  while (!signal.aborted) {
    const dueMs = session.advance(sliceMs)
    const now = performance.now()
    if (session.isStale && viewers.isReady && viewers.viewers > 0 && pace.isDue(now, session.isFlatOut)) {
      viewers.publish(session.look())
      pace.took(now, performance.now())
    }
    if (isDone()) break
    const frameMs =
      session.isStale && viewers.viewers > 0 ? Math.max(1, pace.dueAt(session.isFlatOut) - performance.now()) : restMs
    await bell.wait(Math.min(dueMs, frameMs, restMs))
  }
  // Whatever a command prepares is whole, or gone, before the runs are closed.
  await before
  viewers.publish(session.look())
}

async function prepare(runs: WatchedRuns, session: Session, command: Command, signal: AbortSignal): Promise<void> {
  switch (command.do) {
    case 'reset':
      return runs.prepare(session.beginningOf(command))
    case 'seek':
      return runs.preparePast()
    case 'branch':
      // The step that is shown stays while the way to it is made.
      session.command({ do: 'pause' })
      return runs.prepareBranch(session.branchPoint, signal)
  }
}

/** A sleep that can be ended early. */
class Bell {
  private wake: (() => void) | undefined
  private hasRung = false

  ring(): void {
    this.hasRung = true
    this.wake?.()
  }

  async wait(ms: number): Promise<void> {
    if (!this.hasRung)
      await new Promise<void>(resolve => {
        const timer = ms > 0 ? setTimeout(resolve, ms) : undefined
        const soon = ms > 0 ? undefined : setImmediate(resolve)
        this.wake = () => {
          clearTimeout(timer)
          clearImmediate(soon)
          resolve()
        }
      })
    else await new Promise(resolve => setImmediate(resolve))
    this.hasRung = false
    this.wake = undefined
  }
}
