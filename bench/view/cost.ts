/** What viewers cost a run that goes as fast as it can: time of a step with one viewer, and with a thousand slow ones, against none. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import flocking from '../../scenarios/models/flocking.js'
import type { Scenario } from '../../src/model/index.js'
import { serveViewer, type ViewerServer } from '../../src/server/index.js'
import { type Clock, FramePace, RunsInMemory, Session } from '../../src/view/index.js'
import { repository } from '../commit.js'
import type { Crowd } from './crowd.js'

export interface ViewerCost {
  readonly slices: number
  /** Time of a step nobody looks at, µs. */
  readonly aloneUs: number
  /** How much longer it is with one viewer, and with the slow ones. */
  readonly oneRatio: number
  readonly slowRatio: number
  readonly slowViewers: number
  /** Frames that went out to the one, and to the slow ones: that somebody was shown something. */
  readonly framesSent: readonly [one: number, slow: number]
}

const slowViewers = 1_000
const slices = 40
const sliceMs = 500
/** As long as the carrier of a session lets it step before messages are heard. */
const budgetMs = 8

/** Three runs, each with its server, take turns; each counts with the lower quartile of its slices, because another process only adds. */
export async function viewerCost(): Promise<ViewerCost> {
  const runs = [await Shown.to(0, false), await Shown.to(1, false), await Shown.to(slowViewers, true)]
  try {
    for (let i = 0; i < slices; i++) for (const run of runs) await run.slice()
    const [aloneUs = 0, oneUs = 0, slowUs = 0] = runs.map(run => run.stepUs)
    const [, one = 0, slow = 0] = runs.map(run => run.framesSent)
    if (one === 0 || slow === 0)
      throw new Error(`Nobody was shown anything: ${one} frames to the one, ${slow} to the slow viewers.`)
    return { slices, aloneUs, oneRatio: oneUs / aloneUs, slowRatio: slowUs / aloneUs, slowViewers, framesSent: [one, slow] }
  } finally {
    for (const run of runs) await run.close()
  }
}

/** A crowd whose sockets are refused ends before it says that all are there. */
async function diedBefore(crowd: ChildProcess): Promise<never> {
  const [code] = await once(crowd, 'exit')
  throw new Error(`The viewers ended with code ${code} before they were all there.`)
}

class Shown {
  private readonly session = new Session(new RunsInMemory(flocking as unknown as Scenario), {
    seed: 1,
    now: () => performance.now(),
  })
  private readonly pace = new FramePace()
  private readonly times: number[] = []

  private constructor(
    private readonly server: ViewerServer,
    private readonly viewers: ChildProcess,
  ) {
    server.run().onQuestions(questions => this.session.ask(questions))
    this.session.command({ do: 'play' })
  }

  static async to(count: number, areSlow: boolean): Promise<Shown> {
    const files = join(repository, 'dist', 'viz')
    const limits = { viewers: count + 1, stallMs: 3_600_000 }
    const server = await serveViewer({ port: 0, option: 'port', files, limits })
    const crowd = fork(fileURLToPath(new URL('./crowd.js', import.meta.url)))
    crowd.send({ url: server.url, viewers: count, areSlow } satisfies Crowd)
    await Promise.race([once(crowd, 'message'), diedBefore(crowd)])
    return new Shown(server, crowd)
  }

  async slice(): Promise<void> {
    const before = this.look()
    const from = performance.now()
    while (performance.now() - from < sliceMs) {
      this.session.advance(budgetMs)
      this.show()
      await turn()
    }
    const ms = performance.now() - from
    this.times.push((ms * 1_000) / (this.look() - before))
  }

  /** As the carrier does: where somebody looks, the server is ready and it is time. */
  private show(): void {
    const from = performance.now()
    const run = this.server.run()
    if (run.viewers === 0 || !run.isReady || !this.pace.isDue(from, this.session.isFlatOut)) return
    run.publish(this.session.look())
    this.pace.took(from, performance.now())
  }

  /** The step it is at. */
  private look(): number {
    return (this.session.look().json('clock') as Clock).step
  }

  get stepUs(): number {
    const sorted = [...this.times].sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 4)] ?? Number.NaN
  }

  get framesSent(): number {
    return this.server.counters.framesSent
  }

  async close(): Promise<void> {
    this.viewers.disconnect()
    await this.server.close()
  }
}
