/** Viewers beside a live run: they see every tick once it is on disk, and may say what an operator may. */

import { basename, dirname } from 'node:path'
import { OperatorError } from '../../core/index.js'
import type { Simulation } from '../../model/index.js'
import type { ViewerServer } from '../../server/index.js'
import { type Clock, type Command, FramePace, Observer, Rate, type RunState } from '../../view/index.js'
import { actOnRun, type BeginWatching, type LiveStatus, type LiveWatcher, orderOf } from '../../world/index.js'
import { livePanels } from './live-panels.js'

/** Longest time until somebody who came, or a server that was busy, is noticed, ms. */
const restMs = 250

const stateWords: Readonly<Record<LiveStatus['state'], string | null>> = {
  waiting: 'It waits for the exchange.',
  warming: 'It lives through the bars of before, without trading.',
  live: null,
  stopped: 'The run was stopped.',
  failed: 'The run has failed.',
}

const runStates: Readonly<Record<LiveStatus['state'], RunState>> = {
  waiting: 'playing',
  warming: 'playing',
  live: 'playing',
  stopped: 'ended',
  failed: 'failed',
}

export class LiveViewer {
  private status: LiveStatus | undefined
  private watched: Watched | undefined
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly server: ViewerServer,
    /** Told once, where a view fails; the run goes on. */
    private readonly onNote: (sentence: string) => void,
  ) {
    this.timer = setInterval(() => this.watched?.lookSoon(), restMs)
    this.timer.unref()
    server.run().onCommand(command => this.obey(command))
  }

  /** For the request of the run. */
  readonly watch: BeginWatching = sim => {
    this.watched = new Watched(sim as unknown as Simulation, this.server, () => this.status, this.onNote)
    return this.watched
  }

  show(status: LiveStatus): void {
    this.status = status
    this.watched?.statusChanged()
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    this.watched?.end()
    await this.server.close()
  }

  /** As the operator's verbs: through the run's control folder into its journal. */
  private async obey(command: Command): Promise<void> {
    if (command.do !== 'operate') throw notLive(command.do)
    if (this.status === undefined) throw tooEarly()
    const order = orderOf(command.order)
    const { taken, kept, action } = await actOnRun(runOf(this.status), order)
    if (action?.refused) throw new OperatorError({ what: `${action.command} was refused`, got: action.outcome })
    if (!taken && !kept) throw untaken(order.do)
  }
}

/** What the viewers see of the run's model. Whatever fails here ends the view, never the run. */
class Watched implements LiveWatcher {
  /** Undefined where the view could not be set up. */
  private observer: Observer | undefined
  private readonly pace = new FramePace()
  private readonly rate = new Rate()
  private isStale = true
  private hasFailed = false
  private timer: NodeJS.Timeout | undefined
  /** Model time of the last tick that is on disk. */
  private committed: number

  constructor(
    private readonly sim: Simulation,
    private readonly server: ViewerServer,
    private readonly status: () => LiveStatus | undefined,
    private readonly onNote: (sentence: string) => void,
  ) {
    this.safely(() => {
      this.observer = new Observer(sim, 1, undefined, livePanels(status))
    })
    this.committed = sim.model.now
    server.run().onQuestions(questions => {
      this.safely(() => this.observer?.ask(questions))
      this.statusChanged()
    })
  }

  ticked(isStep: boolean): void {
    this.committed = this.sim.model.now
    if (isStep) {
      this.rate.made(performance.now())
      this.safely(() => this.observer?.stepped())
    }
    this.statusChanged()
  }

  handing(table: Parameters<LiveWatcher['handing']>[0]): void {
    this.safely(() => this.observer?.handing(table))
  }

  statusChanged(): void {
    this.isStale = true
    this.lookSoon()
  }

  /** At the end of its share of the run's time, where somebody would see it. */
  lookSoon(): void {
    const run = this.server.run()
    if (!this.isStale || this.hasFailed || this.timer !== undefined || run.viewers === 0 || !run.isReady) return
    this.timer = setTimeout(() => this.look(), Math.max(1, this.pace.dueAt(true) - performance.now()))
    this.timer.unref()
  }

  /** The last state, for those who look at it. */
  end(): void {
    this.look()
    this.hasFailed = true
  }

  private look(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    // A tick whose commit failed was never decided.
    if (this.sim.model.now !== this.committed) return
    this.isStale = false
    const from = performance.now()
    this.safely(() => {
      const { observer } = this
      if (observer === undefined) return
      observer.look(this.clock())
      this.server.run().publish(observer.parts)
    })
    this.pace.took(from, performance.now())
  }

  private clock(): Clock {
    const { state = 'waiting' } = this.status() ?? {}
    const { steps: step, now: time } = this.sim.model
    return {
      step,
      time,
      state: runStates[state],
      newest: step,
      earliest: step,
      speed: null,
      rate: this.rate.at(performance.now()),
      reason: stateWords[state],
      digest: null,
      branch: 0,
    }
  }

  private safely(act: () => void): void {
    if (this.hasFailed) return
    try {
      act()
    } catch (error) {
      this.hasFailed = true
      this.onNote(`The view of the run has ended; the run goes on. ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

/** The directory that operators name: of one part of a split run, the whole run's. */
function runOf({ runDir }: LiveStatus): string {
  return /^part-\d+$/.test(basename(runDir)) ? dirname(runDir) : runDir
}

function notLive(verb: Command['do']): OperatorError {
  return new OperatorError({
    what: `${verb} of a live run`,
    expected: 'what an operator may do: halt, resume, unlock, close, cancel, lock or set',
    got: verb,
    next: 'A live run is not paused, changed or gone back in.',
  })
}

function tooEarly(): OperatorError {
  return new OperatorError({ what: 'a command', expected: 'a run that has begun', got: 'one that begins', next: 'Try again.' })
}

function untaken(verb: string): OperatorError {
  return new OperatorError({
    what: verb,
    expected: 'a tick that takes it',
    got: 'none within 5 s',
    next: 'It is kept in the run’s folder and counts from the next tick.',
  })
}
