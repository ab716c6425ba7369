/** A live run between its first tick and its result: everything started in order, stopped in order, and written about. */

import { renameSync, writeFileSync } from 'node:fs'
import { type LiveFeed, type MoatFeed, pause, type WallClock } from '../../../feed/index.js'
import type { Simulation } from '../../../model/index.js'
import type { Manifest, RunDirectory, StoredMessage } from '../../../storage/index.js'
import { chanceCollisions } from '../../chance.js'
import { RunFailed } from '../../run-errors.js'
import { ended, tryWriteManifest } from '../../run-record.js'
import { type LiveLog, openLog } from '../operations/log.js'
import { Notices } from '../operations/notices.js'
import { type LiveStatus, statusOf } from '../operations/status.js'
import { Watch } from '../operations/watch.js'
import { Inputs } from './inputs.js'
import { LiveLoop } from './loop.js'
import type { World } from './make-world.js'
import type { LivePart } from './part.js'
import type { LiveRequest } from './request.js'
import { type LiveResult, liveResult } from './result.js'
import { warmUp } from './warm-up.js'

const statusEveryMs = 1_000

export interface ProgressParts {
  readonly asked: LiveRequest
  readonly clock: WallClock
  readonly directory: RunDirectory
  readonly manifest: Manifest
  readonly part: LivePart
  readonly world: World
  readonly unannounced: readonly StoredMessage[]
}

export class LiveInProgress {
  private readonly startedMono: number
  private readonly startedAt: number
  private readonly stop = new AbortController()
  private feed: LiveFeed | undefined
  private moats: MoatFeed | undefined
  private loop: LiveLoop | undefined
  private workedMs = 0
  private log: LiveLog | undefined
  private notices: Notices | undefined
  private watch: Watch | undefined

  constructor(private readonly parts: ProgressParts) {
    this.startedMono = parts.clock.monotonic()
    this.startedAt = parts.clock.now()
  }

  async toTheEnd(): Promise<LiveResult> {
    const { part, directory } = this.parts
    try {
      await this.start()
      await this.live()
      return await this.finish()
    } catch (error) {
      this.log?.event('error', 'failed', { error: error instanceof Error ? error.message : String(error) })
      tryWriteManifest(directory, this.ended('failed'))
      this.tellStatus('failed')
      throw new RunFailed(directory.path, error, 'live')
    } finally {
      await this.letGo()
      part.close()
    }
  }

  private async start(): Promise<void> {
    const { world, part, unannounced } = this.parts
    this.whenToStop()
    await this.startWatching()
    await world.link?.start(part.model, unannounced)
    part.parts.ledger.announced(part.parts.ledger.lastOutboxId)
    this.moats = await world.makeMoats(part.model)
    this.feed = await world.makeFeed(part.model)
    const { history, missing } = await this.feed.start()
    for (const { pair, reason } of missing) this.note(`${pair}: ${reason}`)
    this.tellStatus('warming')
    const steps = warmUp(part, history)
    if (steps > 0) this.note(`Lived through ${steps} bars of before, without trading.`)
    this.moats?.start()
  }

  private async live(): Promise<void> {
    const { part, world, clock, asked } = this.parts
    const feed = this.feed as LiveFeed
    const { answers } = part.parts
    const remote = world.link?.remote
    const inputs = new Inputs({ feed, moats: this.moats, answers, control: world.control, remote })
    const loop = new LiveLoop({
      part,
      feed,
      inputs,
      clock,
      isFinal: barEnd => this.isFinal(feed, barEnd),
      checkpointEvery: asked.checkpointEvery ?? Math.max(1, Math.ceil(60_000 / feed.barMs)),
      stepOf: barEnd => remote?.stepOf(barEnd),
      onTick: barEnd => this.ticked(barEnd),
    })
    this.loop = loop
    this.countDown()
    const status = this.everySecond()
    await loop.run(this.stop.signal)
    await status
    if (this.stop.signal.reason instanceof Error) throw this.stop.signal.reason
  }

  private isFinal(feed: LiveFeed, barEnd: number): boolean {
    const { part, world } = this.parts
    const remote = world.link?.remote
    return part.model.pairs.every((pair, i) => {
      const isOurs = part.model.miners.at(i)?.idle === false
      return isOurs ? feed.barFinal(pair, barEnd) : (remote?.barFinal(pair, barEnd) ?? true)
    })
  }

  private ticked(barEnd: number | undefined): void {
    const { part, world } = this.parts
    this.workedMs += part.tickMs
    this.watch?.halts(part.parts.facts.halts)
    if (barEnd !== undefined) world.link?.tellStep(barEnd, part.model)
  }

  private async startWatching(): Promise<void> {
    const { asked, clock, directory, manifest } = this.parts
    this.log = await openLog(directory.file('live.log'), directory.runId)
    this.notices = Notices.from(asked.environment ?? process.env, clock, sentence => this.note(sentence))
    this.watch = new Watch(manifest.scenario, this.log, this.notices)
    this.log?.event('info', 'started', { scenario: manifest.scenario, seed: manifest.seed, tick: this.parts.part.tick })
  }

  private note(sentence: string): void {
    this.log?.event('info', 'note', { sentence })
    this.parts.asked.onNote?.(sentence)
  }

  /** The operator's signal, or a claim that is lost. */
  private whenToStop(): void {
    const { asked, world } = this.parts
    const { signal } = asked
    const stop = (why: unknown) => this.stop.abort(why)
    if (signal?.aborted) stop(signal.reason)
    signal?.addEventListener('abort', () => stop(signal.reason), { once: true })
    world.lost.addEventListener('abort', () => stop(world.lost.reason), { once: true })
  }

  /** The time asked for counts from going live. */
  private countDown(): void {
    const { asked, clock } = this.parts
    if (asked.forMs === undefined) return
    const cancel = clock.setTimer(asked.forMs, () => this.stop.abort('time'))
    this.stop.signal.addEventListener('abort', cancel, { once: true })
  }

  private async everySecond(): Promise<void> {
    const { clock } = this.parts
    while (!this.stop.signal.aborted) {
      this.tellStatus('live')
      await pause(clock, statusEveryMs, this.stop.signal)
    }
  }

  private tellStatus(state: LiveStatus['state']): LiveStatus | undefined {
    const { part, world, clock, asked, directory } = this.parts
    if (this.feed === undefined) return undefined
    const { startedAt, feed, moats, loop } = this
    const agents = part.parts.directory.manifest.request?.agents as string | undefined
    const remote = world.link?.remote
    const status = statusOf({ part, loop, feed, moats, remote, agents, startedAt, now: () => clock.now() }, state)
    const path = directory.file('status.json')
    try {
      writeFileSync(`${path}.tmp`, JSON.stringify(status))
      renameSync(`${path}.tmp`, path)
      world.rejected.flush()
    } catch {
      // Looking must not stop what is looked at; the ledger says so itself when the disk is full.
    }
    this.watch?.status(status)
    asked.onStatus?.(status)
    return status
  }

  private async finish(): Promise<LiveResult> {
    const { part, directory, world } = this.parts
    const { sim, outputs } = part.parts
    // Where no step was made since the last one, that one and the journal after it say the same, and can be replayed.
    if (part.checkpointStep !== part.model.steps) this.loop?.checkpoint()
    // Ticks after that last checkpoint left rows as well.
    sim.flush()
    const byChance = chanceCollisions(outputs, Number(sim.seed), part.model.params.collisionWindowMs)
    outputs.finish()
    const status = this.tellStatus('stopped') as LiveStatus
    const steps = this.loop?.counters.steps ?? 0
    const result = liveResult({
      sim: sim as unknown as Simulation,
      status,
      outputs: outputs.outputs(),
      steps,
      workedMs: this.workedMs,
      byChance,
      rejectedInputs: status.rejected,
    })
    const how = this.stop.signal.reason === 'time' ? 'finished' : 'interrupted'
    const summary = JSON.parse(JSON.stringify(result))
    directory.writeManifest({ ...this.ended(how), digest: result.digest, outputs: result.outputs, summary })
    world.rejected.flush()
    this.log?.event('info', 'stopped', { by: String(this.stop.signal.reason), step: result.steps, digest: result.digest })
    return result
  }

  private ended(status: Manifest['status']): Manifest {
    const { manifest, part, clock } = this.parts
    const wallTimeMs = Math.round(clock.monotonic() - this.startedMono)
    return ended(manifest, { status, steps: part.model.steps, wallTimeMs })
  }

  private async letGo(): Promise<void> {
    const { world } = this.parts
    this.stop.abort('over')
    for (const stop of [this.feed?.stop(), this.moats?.stop(), world.link?.close()]) {
      await stop?.catch(() => undefined) // what ended the run has been told
    }
    await this.notices?.close()
    this.log?.close()
  }
}
