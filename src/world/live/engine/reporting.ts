/** Who hears of a live run: its log, the people whom notices reach, alerts, and the watch over what it trades. */

import type { LiveModel, OperatorAction } from '../../../agents/index.js'
import type { Manifest, RunDirectory } from '../../../storage/index.js'
import {
  Alerts,
  type LastTrade,
  type LiveLog,
  type LiveStatus,
  openLog,
  type RunNotes,
  RunNotices,
  Watch,
} from '../operations/index.js'
import type { LiveSettings } from './settings.js'
import type { Shard } from './shard.js'
import type { TickFacts } from './tick-facts.js'

export interface ReportingOptions {
  readonly settings: Pick<LiveSettings, 'clock' | 'notify'>
  readonly directory: RunDirectory
  readonly manifest: Manifest
  readonly shard: Shard<LiveModel>
  readonly notes: RunNotes
}

export class Reporting {
  private readonly alerts: Alerts
  private readonly watch: Watch

  private constructor(
    readonly log: LiveLog | undefined,
    private readonly notices: RunNotices | undefined,
    { manifest: { scenario }, directory, shard }: ReportingOptions,
  ) {
    this.alerts = new Alerts(scenario, log, notices)
    const watch = new Watch({ scenario, directory, log, notices })
    const { model, components } = shard
    components.sim.tap((topic, message) => watch.heard(topic, message, model.warming))
    this.watch = watch
  }

  static async open(options: ReportingOptions): Promise<Reporting> {
    const { settings, directory, manifest, shard, notes } = options
    const { notify, clock } = settings
    const { runId, path } = directory
    const log = await openLog(directory.file('live.log'), directory.runId)
    notes.logTo(log)
    const notices = notify && new RunNotices(notify.open({ runId, path }), runId, () => clock.now())
    const reporting = new Reporting(log, notices, options)
    log?.event('info', 'started', { scenario: manifest.scenario, seed: manifest.seed, tick: shard.tick })
    return reporting
  }

  get lastTrade(): LastTrade | null {
    return this.watch.lastTrade
  }

  /** What could not be written or sent. */
  get losses(): Readonly<Record<string, number>> {
    return this.watch.losses
  }

  /** People hear of what the tick that is on disk has brought. */
  ticked({ halts, trades, actions }: Pick<TickFacts, 'halts' | 'trades' | 'actions'>): void {
    this.alerts.halts(halts)
    this.watch.committed(trades)
    for (const action of actions) this.acted(action)
  }

  status(status: LiveStatus): void {
    this.alerts.status(status)
    this.watch.status(status)
  }

  notice(...[severity, key, text]: Parameters<RunNotices['send']>): void {
    this.notices?.send(severity, key, text)
  }

  async close(): Promise<void> {
    await this.notices?.close()
    this.log?.close()
  }

  private acted({ command, reason, outcome, refused }: OperatorAction): void {
    this.log?.event(refused ? 'warn' : 'info', 'operator', { command, reason, outcome, refused })
  }
}
