/** A live run between its first tick and its result: started in order, run, shut down in order, with its status. */

import { type LiveModel, type OperatorCommand, Swarm } from '../../../agents/index.js'
import { BrokenInvariant } from '../../../core/index.js'
import { type LiveFeed, type LiveStart, type MoatFeed, pause } from '../../../feed/index.js'
import type { Manifest, RunDirectory, StoredMessage } from '../../../storage/index.js'
import { RunFailed } from '../../run-errors.js'
import { described, type LiveStatus, type RunNotes, StatusFile, statusOf, type TelegramControl } from '../operations/index.js'
import type { ConnectedShard } from '../peers/index.js'
import type { Adapters } from './adapters.js'
import { chatOf } from './chat.js'
import { Ending } from './ending.js'
import { ExchangeInputs } from './exchange-inputs.js'
import type { FeedList } from './feed-list.js'
import { makeFeedList, makeMarketFeed, makeMoatFeed } from './feeds.js'
import { Inputs } from './inputs.js'
import { LiveLoop } from './loop.js'
import { ProgressRecord } from './progress-record.js'
import { Reporting } from './reporting.js'
import type { LiveWatcher } from './request.js'
import type { LiveResult } from './result.js'
import type { LiveSettings } from './settings.js'
import type { Shard } from './shard.js'
import { startFeed } from './start-feed.js'
import { openVectorMemory, type VectorMemory } from './vector-memory.js'
import { type WarmedUp, warmUp } from './warm-up.js'

const statusEveryMs = 1_000

export interface LiveRunOptions {
  readonly settings: LiveSettings
  readonly directory: RunDirectory
  readonly manifest: Manifest
  readonly shard: Shard<LiveModel>
  readonly adapters: Adapters
  readonly notes: RunNotes
  /** Messages that were committed before a restart and perhaps not sent. */
  readonly unannounced: readonly StoredMessage[]
}

export class LiveInProgress {
  private readonly startedAt: number
  private readonly stop = new AbortController()
  private feed: LiveFeed | undefined
  private moats: MoatFeed | undefined
  private list: FeedList | undefined
  private loop: LiveLoop | undefined
  private state: 'waiting' | 'warming' | 'live' = 'waiting'
  private statuses: Promise<void> = Promise.resolve()
  /** Total duration of this process's ticks. */
  private workedMs = 0
  private watchedAt = 0
  private reporting: Reporting | undefined
  private chat: TelegramControl | undefined
  private watcher: LiveWatcher | undefined
  private memory: VectorMemory | undefined
  private readonly ending: Ending
  private readonly progress: ProgressRecord
  private readonly statusFile: StatusFile

  constructor(private readonly options: LiveRunOptions) {
    const { directory, manifest, shard, adapters, settings } = options
    const { clock, forMs } = settings
    this.startedAt = clock.now()
    this.ending = new Ending({ clock, directory, manifest, shard, forMs })
    this.statusFile = new StatusFile(directory.file('status.json'), adapters.rejected)
    this.progress = new ProgressRecord({ directory, manifest, sim: shard.components.sim })
  }

  async run(): Promise<LiveResult> {
    const { shard, directory } = this.options
    try {
      await this.start()
      await this.trade()
      return this.finish()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.reporting?.log?.event('error', 'failed', { error: why })
      this.reporting?.notice('P1', 'failed', `${this.options.manifest.scenario} has failed: ${why}`)
      this.ending.failed(why)
      this.publishStatus('failed')
      throw new RunFailed(directory.path, error, 'live')
    } finally {
      await this.shutdown()
      shard.close()
    }
  }

  private async start(): Promise<void> {
    const { adapters, shard, unannounced } = this.options
    const { feeds, connection } = adapters
    this.stopOnSignals()
    this.startWatcher()
    this.reporting = await Reporting.open(this.options)
    await this.openMemory()
    this.moats = makeMoatFeed(feeds)
    const feed = makeMarketFeed(shard.model, { ...feeds, onNote: sentence => this.note(sentence) })
    this.feed = feed
    this.statuses = this.publishStatusEverySecond()
    await connection?.start(connected(shard), unannounced)
    shard.components.ledger.announced(shard.components.ledger.lastOutboxId)
    this.startChat(feed)
    const { history, missing } = await this.startFeed(feed)
    this.state = 'warming'
    for (const { pair, reason } of missing) this.note(`${pair}: ${reason}. It is asked for again.`)
    await this.warmUp(feed, history)
    this.list = makeFeedList(shard.model, feeds, { market: feed, moats: this.moats }, sentence => this.note(sentence))
    this.list.start()
  }

  /** Only the process whose agent remembers asks a memory. */
  private async openMemory(): Promise<void> {
    const { shard, settings, directory } = this.options
    if (!(shard.model instanceof Swarm) || shard.model.memories.at(0)?.idle !== false) return
    const place = { run: directory.runId, ledger: directory.file('trades.db'), why: this.whyNotOutside() }
    this.memory = await openVectorMemory(settings.memory, place, sentence => this.note(sentence))
    shard.components.answers.outside = this.memory
  }

  /** What a memory outside could not know, or could not catch up with. */
  private whyNotOutside(): string | undefined {
    const { shard, manifest } = this.options
    if (shard.model.portfolios.length === 0) return 'the ledger, from which another would catch up, is in another process'
    const { knowledge, fromRun } = { ...manifest.request }
    return knowledge === undefined && fromRun === undefined
      ? undefined
      : 'the run began with experience that another does not have'
  }

  private startWatcher(): void {
    const { sim, outputs } = this.options.shard.components
    const watcher = this.options.settings.watch?.(sim)
    this.watcher = watcher
    outputs.handing = watcher && (table => watcher.handing(table))
  }

  private startFeed(feed: LiveFeed): Promise<LiveStart> {
    const { settings, manifest } = this.options
    const { clock, forMs } = settings
    const away = `${manifest.scenario}: the exchange has not answered for a minute. What is held is managed once it does.`
    const onAway = () => this.reporting?.notice('P1', 'exchange away', away)
    return startFeed({ feed, clock, forMs, stop: this.stop, onAway, onLook: () => this.keepCommands() })
  }

  /** What Redis brought of commands goes to the folder: there none is lost where the run is stopped before its first tick. */
  private keepCommands(): void {
    for (const command of this.options.adapters.connection?.bridge?.takeCommands() ?? []) this.keep(command)
  }

  private keep(command: OperatorCommand): boolean {
    const { adapters, settings } = this.options
    return adapters.control.keep(command, settings.clock.now())
  }

  private async warmUp(feed: LiveFeed, history: LiveStart['history']): Promise<void> {
    const { shard, settings } = this.options
    const { clock } = settings
    const onTick = (isStep: boolean) => this.ticked(isStep)
    const warmedUp = await warmUp({
      shard,
      history,
      feed,
      clock,
      until: this.stop.signal,
      commands: this.waitingCommands(),
      onTick,
    })
    this.watchedAt = warmedUp.watchedAt
    this.sayWarmedUp(warmedUp)
  }

  private waitingCommands(): NonNullable<Parameters<typeof warmUp>[0]['commands']> {
    const { control } = this.options.adapters
    return {
      take: () => {
        this.keepCommands()
        return control.take()
      },
      committed: () => control.committed(),
    }
  }

  private sayWarmedUp({ steps, passedOver }: WarmedUp): void {
    if (steps > 0) this.note(`Lived through ${steps} bars of before, without trading.`)
    if (passedOver > 0) this.note(`${passedOver} trades of the market came meanwhile: they filled nothing.`)
  }

  private async trade(): Promise<void> {
    this.loop = this.makeLoop(this.feed as LiveFeed)
    this.state = 'live'
    this.publishStatus('live')
    this.stopAfter(this.options.settings.forMs)
    await this.loop.run(this.stop.signal)
    await this.memory?.settle()
    await this.statuses
    if (this.stop.signal.reason instanceof Error) throw this.stop.signal.reason
  }

  private makeLoop(feed: LiveFeed): LiveLoop {
    const { shard, adapters, settings } = this.options
    const { connection, control } = adapters
    const bridge = connection?.bridge
    const { answers } = shard.components
    const exchange = new ExchangeInputs(feed, shard.model, sentence => this.note(sentence))
    return new LiveLoop({
      shard,
      feed,
      inputs: new Inputs({ feed, exchange, others: this.list, answers, control, bridge }),
      clock: settings.clock,
      isFinal: barEnd => this.isFinal(feed, barEnd),
      checkpointEvery: settings.checkpointEvery,
      stepOf: barEnd => bridge?.stepOf(barEnd),
      watchedAt: this.watchedAt,
      onTick: barEnd => this.afterTick(barEnd),
    })
  }

  private startChat(feed: LiveFeed): void {
    const { settings, directory } = this.options
    const { clock, telegram } = settings
    if (telegram === undefined) return
    this.chat = chatOf({
      telegram,
      clock,
      ledger: directory.file('trades.db'),
      status: () => this.statusNow(feed, this.state),
      keep: command => this.keep(command),
      onNote: sentence => this.note(sentence),
    })
    this.chat.start()
  }

  private isFinal(feed: LiveFeed, barEnd: number): boolean {
    const { shard, adapters } = this.options
    const bridge = adapters.connection?.bridge
    return shard.model.pairs.every((pair, i) => {
      return shard.model.watches(i) ? feed.barFinal(pair, barEnd) : (bridge?.barFinal(pair, barEnd) ?? true)
    })
  }

  private afterTick(barEnd: number | undefined): void {
    const { shard, adapters } = this.options
    this.workedMs += shard.tickMs
    this.ticked(barEnd !== undefined)
    if (barEnd !== undefined) adapters.connection?.publishStep(barEnd, shard.model)
  }

  /** The tick that is on disk is told; who gave a command waits for what came of it. */
  private ticked(isStep: boolean): void {
    const { facts } = this.options.shard.components
    this.watcher?.ticked(isStep)
    this.reporting?.ticked(facts)
    if (facts.actions.length === 0) return
    this.chat?.carriedOut(facts.actions)
    this.publishStatus(this.state)
  }

  private note(sentence: string): void {
    this.options.notes.say(sentence)
  }

  /** The operator's signal, or a lost claim, stops the run. */
  private stopOnSignals(): void {
    const { settings, adapters } = this.options
    for (const signal of [settings.signal, adapters.lost]) {
      const stop = () => this.stop.abort(signal?.reason)
      if (signal?.aborted) stop()
      signal?.addEventListener('abort', stop, { once: true })
    }
  }

  /** The duration counts from going live. */
  private stopAfter(forMs: number | undefined): void {
    // A run that was stopped before must not be kept alive by the timer.
    if (forMs === undefined || this.stop.signal.aborted) return
    const cancel = this.options.settings.clock.setTimer(forMs, () => this.stop.abort('time'))
    this.stop.signal.addEventListener('abort', cancel, { once: true })
  }

  private async publishStatusEverySecond(): Promise<void> {
    while (!this.stop.signal.aborted) {
      this.publishStatus(this.state)
      await pause(this.options.settings.clock, statusEveryMs, this.stop.signal)
    }
  }

  private publishStatus(state: LiveStatus['state']): LiveStatus | undefined {
    if (this.feed === undefined) return undefined
    const status = this.statusNow(this.feed, state)
    this.statusFile.write(status)
    this.reporting?.status(status)
    this.progress.status(status)
    this.options.settings.onStatus?.(status)
    return status
  }

  private statusNow(feed: LiveFeed, state: LiveStatus['state']): LiveStatus {
    const { shard, adapters, settings } = this.options
    const { startedAt, moats, loop, chat, reporting } = this
    const { control, connection } = adapters
    const lastTrade = reporting?.lastTrade ?? null
    const losses = { ...reporting?.losses, statusUnwritten: this.statusFile.unwritten }
    const agents = adapters.feeds.agents.text
    const { bridge } = connection ?? {}
    const feeds = this.list?.reports() ?? []
    const now = () => settings.clock.now()
    const memory = this.memory && { ...this.memory.status(), unanswered: shard.components.answers.unanswered }
    const reach = { feed, feeds, moats, bridge, control, chat, memory }
    return described(statusOf({ shard, loop, ...reach, agents, startedAt, lastTrade, losses, now }, state))
  }

  private finish(): LiveResult {
    const { adapters } = this.options
    const { loop, workedMs } = this
    const { reason } = this.stop.signal
    const result = this.ending.finish({ loop, workedMs, reason }, () => this.publishStatus('stopped') as LiveStatus)
    adapters.rejected.flush()
    this.reporting?.log?.event('info', 'stopped', { by: String(reason), step: result.steps, digest: result.digest })
    return result
  }

  private async shutdown(): Promise<void> {
    this.stop.abort('over')
    this.keepCommands()
    const closing = [this.chat?.stop(), this.feed?.stop(), this.list?.stop(), this.options.adapters.connection?.close()]
    for (const closed of closing) await closed?.catch(() => undefined) // the failure that ended the run is reported already
    await this.memory?.close()
    await this.options.shard.components.archive.settled()
    await this.reporting?.close()
  }
}

/** A shard of the swarm: no other model has a connection. */
function connected(shard: Shard<LiveModel>): ConnectedShard {
  const { model } = shard
  if (!(model instanceof Swarm)) throw new BrokenInvariant('only the swarm is split over processes')
  return {
    model,
    get closedUntil() {
      return shard.closedUntil
    },
  }
}
