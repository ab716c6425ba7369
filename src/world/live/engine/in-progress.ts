/** A live run between its first tick and its result: started in order, run, shut down in order, with its status and log. */

import type { OperatorAction } from '../../../agents/index.js'
import { toHex } from '../../../core/index.js'
import { type LiveFeed, type LiveStart, type MoatFeed, pause, type WallClock } from '../../../feed/index.js'
import { formatTimeframe } from '../../../market/index.js'
import type { Simulation } from '../../../model/index.js'
import type { ArchiveSettings, Manifest, RunDirectory, RunEnd, StoredMessage } from '../../../storage/index.js'
import { type CollisionsByChance, chanceCollisions } from '../../chance.js'
import { RunFailed } from '../../run-errors.js'
import { ended, tryWriteManifest } from '../../run-record.js'
import { liveLimits } from '../limits.js'
import {
  Alerts,
  type Control,
  described,
  joinedControl,
  type LiveLog,
  type LiveStatus,
  Notices,
  openLog,
  type RunNotes,
  StatusFile,
  statusOf,
  type TelegramControl,
  type TelegramSettings,
  Watch,
  type Webhook,
} from '../operations/index.js'
import type { Adapters } from './adapters.js'
import { chatOf } from './chat.js'
import { ExchangeInputs } from './exchange-inputs.js'
import type { FeedList } from './feed-list.js'
import { makeFeedList, makeMarketFeed, makeMoatFeed } from './feeds.js'
import { Inputs } from './inputs.js'
import { LiveLoop } from './loop.js'
import { ProgressRecord } from './progress-record.js'
import { type LiveResult, liveResult } from './result.js'
import type { Committed, Shard } from './shard.js'
import { warmUp } from './warm-up.js'

const statusEveryMs = 1_000

export interface LiveSettings {
  readonly clock: WallClock
  readonly webhooks: readonly Webhook[]
  /** The chat whose commands are taken; undefined: none, or another shard takes them. */
  readonly telegram: TelegramSettings | undefined
  /** How long, ms, from going live; undefined: until stopped. */
  readonly forMs: number | undefined
  /** Steps between checkpoints. */
  readonly checkpointEvery: number
  /** How much of the journal is kept, and the ticks of one segment. */
  readonly journal: Pick<ArchiveSettings, 'keep' | 'segmentTicks'>
  readonly signal: AbortSignal | undefined
  readonly onNote: (sentence: string) => void
  readonly onStatus: ((status: LiveStatus) => void) | undefined
  readonly onCommitted: ((committed: Committed) => void) | undefined
}

export interface LiveRunOptions {
  readonly settings: LiveSettings
  readonly directory: RunDirectory
  readonly manifest: Manifest
  readonly shard: Shard
  readonly adapters: Adapters
  readonly notes: RunNotes
  /** Messages that were committed before a restart and perhaps not sent. */
  readonly unannounced: readonly StoredMessage[]
}

export class LiveInProgress {
  private readonly startedMono: number
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
  private log: LiveLog | undefined
  private notices: Notices | undefined
  private alerts: Alerts | undefined
  private watch: Watch | undefined
  private readonly progress: ProgressRecord
  private readonly statusFile: StatusFile
  private chat: TelegramControl | undefined
  /** What gives commands: the folder, and the chat where there is one. */
  private control: Control | undefined

  constructor(private readonly options: LiveRunOptions) {
    const { clock } = options.settings
    this.startedMono = clock.monotonic()
    this.startedAt = clock.now()
    const { directory, manifest, shard, adapters } = options
    this.statusFile = new StatusFile(directory.file('status.json'), adapters.rejected)
    this.progress = new ProgressRecord({ directory, manifest, sim: shard.components.sim })
  }

  async run(): Promise<LiveResult> {
    const { shard, directory } = this.options
    try {
      await this.start()
      await this.trade()
      return await this.finish()
    } catch (error) {
      this.log?.event('error', 'failed', { error: messageOf(error) })
      tryWriteManifest(directory, { ...this.ended('failed'), ended: { by: 'error', why: messageOf(error) } })
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
    await this.startAlerts()
    this.moats = makeMoatFeed(feeds)
    const feed = makeMarketFeed(shard.model, { ...feeds, onNote: sentence => this.note(sentence) })
    this.feed = feed
    this.statuses = this.publishStatusEverySecond()
    await connection?.start(shard, unannounced)
    shard.components.ledger.announced(shard.components.ledger.lastOutboxId)
    const { history, missing } = await this.startFeed(feed)
    this.state = 'warming'
    for (const { pair, reason } of missing) this.note(`${pair}: ${reason}. It is asked for again.`)
    await this.warmUp(feed, history)
    this.list = makeFeedList(shard.model, feeds, { market: feed, moats: this.moats }, sentence => this.note(sentence))
    this.list.start()
  }

  /** An exchange that is away is waited for: until it is back, the operator stops the run, or the run's duration is over. */
  private async startFeed(feed: LiveFeed): Promise<LiveStart> {
    const { clock, forMs } = this.options.settings
    const stop = () => void feed.stop()
    const { signal } = this.stop
    // What is loaded first takes nothing from the run's duration.
    await feed.prepare?.()
    signal.addEventListener('abort', stop, { once: true })
    const cancel = forMs === undefined ? undefined : clock.setTimer(forMs, () => this.stop.abort('time'))
    const { scenario } = this.options.manifest
    const away = `${scenario}: the exchange has not answered for a minute. What is held is managed once it does.`
    const quiet = clock.setTimer(liveLimits.awayMs, () => this.notices?.send(away))
    try {
      if (signal.aborted) stop()
      return await feed.start()
    } finally {
      quiet()
      cancel?.()
      signal.removeEventListener('abort', stop)
    }
  }

  private async warmUp(feed: LiveFeed, history: LiveStart['history']): Promise<void> {
    const { shard, settings } = this.options
    const { clock } = settings
    const onTick = () => this.tell()
    const { steps, passedOver } = await warmUp({ shard, history, feed, clock, until: this.stop.signal, onTick })
    if (steps > 0) this.note(`Lived through ${steps} bars of before, without trading.`)
    if (passedOver > 0) this.note(`${passedOver} trades of the market came meanwhile: they filled nothing.`)
  }

  private async trade(): Promise<void> {
    this.loop = this.makeLoop(this.feed as LiveFeed)
    this.state = 'live'
    this.publishStatus('live')
    this.stopAfter(this.options.settings.forMs)
    await this.loop.run(this.stop.signal)
    await this.statuses
    if (this.stop.signal.reason instanceof Error) throw this.stop.signal.reason
  }

  private makeLoop(feed: LiveFeed): LiveLoop {
    const { shard, adapters, settings } = this.options
    const { connection } = adapters
    const bridge = connection?.bridge
    const chat = this.startChat()
    const control = chat === undefined ? adapters.control : joinedControl(adapters.control, { telegram: chat })
    this.control = control
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
      onTick: barEnd => this.afterTick(barEnd),
    })
  }

  /** Commands from a chat are taken from the first live tick on. */
  private startChat(): TelegramControl | undefined {
    const { settings, shard, directory } = this.options
    const { clock, telegram } = settings
    if (telegram === undefined) return undefined
    const status = () => this.statusNow(this.feed as LiveFeed, 'live')
    this.chat = chatOf({
      telegram,
      clock,
      model: shard.model,
      ledger: directory.file('trades.db'),
      status,
      onNote: s => this.note(s),
    })
    this.chat.start()
    return this.chat
  }

  private isFinal(feed: LiveFeed, barEnd: number): boolean {
    const { shard, adapters } = this.options
    const bridge = adapters.connection?.bridge
    return shard.model.pairs.every((pair, i) => {
      const isLocal = shard.model.miners.at(i)?.idle === false
      return isLocal ? feed.barFinal(pair, barEnd) : (bridge?.barFinal(pair, barEnd) ?? true)
    })
  }

  private afterTick(barEnd: number | undefined): void {
    const { shard, adapters } = this.options
    this.workedMs += shard.tickMs
    this.tell()
    this.afterCommands(shard.components.facts.actions)
    if (barEnd !== undefined) adapters.connection?.publishStep(barEnd, shard.model)
  }

  /** People hear of what the tick that is on disk has brought. */
  private tell(): void {
    const { halts, trades } = this.options.shard.components.facts
    this.alerts?.halts(halts)
    this.watch?.committed(trades)
  }

  /** Who gave a command waits for what came of it. */
  private afterCommands(actions: readonly OperatorAction[]): void {
    if (actions.length === 0) return
    for (const { command, reason, outcome, refused } of actions)
      this.log?.event(refused ? 'warn' : 'info', 'operator', { command, reason, outcome, refused })
    this.publishStatus('live')
  }

  private async startAlerts(): Promise<void> {
    const { settings, directory, manifest, shard } = this.options
    const { clock, webhooks } = settings
    this.log = await openLog(directory.file('live.log'), directory.runId)
    this.options.notes.logTo(this.log)
    if (webhooks.length > 0) this.notices = new Notices(webhooks, clock, sentence => this.note(sentence))
    this.alerts = new Alerts(manifest.scenario, this.log, this.notices)
    this.watchShard(shard)
    this.log?.event('info', 'started', { scenario: manifest.scenario, seed: manifest.seed, tick: shard.tick })
  }

  private watchShard({ model, components }: Shard): void {
    const { log, notices } = this
    const { directory, manifest } = this.options
    const watch = new Watch({ scenario: manifest.scenario, directory, log, notices })
    components.sim.tap((topic, message) => watch.heard(topic, message, model.warming))
    this.watch = watch
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
    this.alerts?.status(status)
    this.watch?.status(status)
    this.progress.status(status)
    this.options.settings.onStatus?.(status)
    return status
  }

  private statusNow(feed: LiveFeed, state: LiveStatus['state']): LiveStatus {
    const { shard, adapters, settings } = this.options
    const { startedAt, moats, loop, watch } = this
    const lastTrade = watch?.lastTrade ?? null
    const losses = { ...watch?.losses, statusUnwritten: this.statusFile.unwritten }
    const agents = adapters.feeds.agents.text
    const { control = adapters.control } = this
    const { bridge } = adapters.connection ?? {}
    const feeds = this.list?.reports() ?? []
    const now = () => settings.clock.now()
    const sources = { shard, loop, feed, feeds, moats, bridge, control, agents, startedAt, lastTrade, losses, now }
    return described(statusOf(sources, state))
  }

  private async finish(): Promise<LiveResult> {
    const { shard, adapters } = this.options
    const { outputs } = shard.components
    const byChance = this.finishOutputs()
    const status = this.publishStatus('stopped') as LiveStatus
    const result = liveResult({
      sim: shard.components.sim as unknown as Simulation,
      status,
      outputs: outputs.outputs(),
      end: this.end(),
      steps: this.loop?.counters.steps ?? 0,
      workedMs: this.workedMs,
      byChance,
      rejectedInputs: status.rejected,
    })
    this.record(result)
    adapters.rejected.flush()
    this.log?.event('info', 'stopped', { by: String(this.stop.signal.reason), step: result.steps, digest: result.digest })
    return result
  }

  /** Takes the last checkpoint and writes the tables. Returns the collisions to expect by chance. */
  private finishOutputs(): CollisionsByChance {
    const { shard } = this.options
    const { sim, outputs } = shard.components
    // Where no step was made since the last checkpoint, it and the journal after it say the same, and can be replayed.
    if (shard.checkpointStep !== shard.model.steps) this.loop?.checkpoint()
    // Ticks after that last checkpoint left rows as well.
    sim.flush()
    const byChance = chanceCollisions(outputs, Number(sim.seed), shard.model.params.collisionWindowMs)
    outputs.finish()
    return byChance
  }

  private record(result: LiveResult): void {
    const { digest, outputs, ended: end } = result
    const how = end?.by === 'time' ? 'finished' : 'interrupted'
    const summary = JSON.parse(JSON.stringify(result))
    const records = this.options.shard.components.outputs.records()
    this.options.directory.writeManifest({ ...this.ended(how), ended: end, digest, outputs, records, summary })
  }

  /** Why it was stopped: a live run has no end of its own. */
  private end(): RunEnd {
    const { settings, shard } = this.options
    const { reason } = this.stop.signal
    if (reason !== 'time') return { by: 'signal', why: `stopped by ${reason} at step ${shard.model.steps}` }
    return { by: 'time', why: `the ${formatTimeframe(settings.forMs ?? 0)} asked for are over` }
  }

  private ended(status: Manifest['status']): Manifest {
    const { manifest, shard, settings } = this.options
    const wallTimeMs = Math.round(settings.clock.monotonic() - this.startedMono)
    const { tick, hash } = shard.components.ledger.head
    const journal = { ticks: tick, head: toHex(hash) }
    return { ...ended(manifest, { status, steps: shard.model.steps, wallTimeMs }), journal }
  }

  private async shutdown(): Promise<void> {
    this.stop.abort('over')
    const closing = [this.chat?.stop(), this.feed?.stop(), this.list?.stop(), this.options.adapters.connection?.close()]
    for (const closed of closing) await closed?.catch(() => undefined) // the failure that ended the run is reported already
    await this.options.shard.components.archive.settled()
    await this.notices?.close()
    this.log?.close()
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
