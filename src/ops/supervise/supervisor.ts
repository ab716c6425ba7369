/** Keeps runs alive: starts each in a process, hears it every second, checks its health every minute, restarts it, and tells people. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Severity } from '../../core/index.js'
import { type OpsEvent, writeAtomic } from '../../storage/index.js'
import { type Clock, wait } from '../clock.js'
import { opsLimits } from '../limits.js'
import type { Notifier } from '../notify/notifier.js'
import type { Redact } from '../redact.js'
import { Charge } from './charge.js'
import { Child, type ChildPlan } from './child.js'
import type { Kept, SetLevel } from './degradation.js'
import { Measure } from './measure.js'
import type { ChildSettings, SuperviseSettings } from './settings.js'
import type { SupervisorStatus } from './status.js'

/** A child, and what is checked of it besides. */
export type Supervised = ChildPlan & Pick<ChildSettings, 'sources' | 'model'>

export interface SupervisorOptions {
  /** Where its status and its children's logs are. */
  readonly folder: string
  readonly settings: SuperviseSettings
  readonly children: readonly Supervised[]
  readonly notifier: Notifier
  readonly clock: Clock
  readonly redact: Redact
  readonly setLevel: SetLevel
  /** Numbers in [0, 1), which spread restarts. */
  readonly chance: () => number
  /** The program that checks a database, as a file that a thread can load. */
  readonly checker: string
  readonly onStatus?: (status: SupervisorStatus) => void
}

/** A look at the children that comes so many times later than it should says that this process was away itself. */
const awayFactor = 3

export class Supervisor {
  readonly counters = { eventsUnwritten: 0, statusUnwritten: 0, away: 0 }
  private readonly startedAt: number
  private checkedAt: number | null = null
  private readonly charges: readonly Charge[]
  private readonly kids: readonly Child[]

  constructor(private readonly options: SupervisorOptions) {
    const { folder, children, clock, redact } = options
    this.startedAt = clock.now()
    mkdirSync(folder, { recursive: true })
    this.kids = children.map(plan => new Child({ plan, clock, redact, log: join(folder, `${plan.name}.log`) }))
    this.charges = this.kids.map((child, i) => this.chargeOf(child, children[i] as Supervised))
  }

  /** Runs until it is stopped, or every child has ended as it should. Children end at a checkpoint. */
  async run(until: AbortSignal): Promise<SupervisorStatus> {
    const over = new AbortController()
    const signal = AbortSignal.any([until, over.signal])
    this.event({ child: '', kind: 'started', detail: { children: this.kids.map(({ name }) => name) } })
    const kept = Promise.all(this.charges.map(charge => charge.keep()))
    const loops = [this.watch(signal), this.check(signal), this.sayAlive(signal)]
    const stopped = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    await Promise.race([kept, stopped])
    over.abort()
    await Promise.all(this.charges.map(charge => charge.stop()))
    await Promise.all([kept, ...loops])
    this.event({ child: '', kind: 'stopped', detail: {} })
    return this.publish()
  }

  get status(): SupervisorStatus {
    const { clock, notifier } = this.options
    return {
      pid: process.pid,
      startedAt: this.startedAt,
      updatedAt: clock.now(),
      checkedAt: this.checkedAt,
      children: this.charges.map(({ status }) => status),
      unacknowledged: notifier.unacknowledged,
      notices: { ...notifier.counters, ...this.counters },
      events: this.recent(),
    }
  }

  private chargeOf(child: Child, { sources, model }: Supervised): Charge {
    const { settings, clock, chance, setLevel, checker, notifier } = this.options
    return new Charge({
      child,
      measure: new Measure({ run: child.run, settings: { sources, model }, clock, checker }),
      settings,
      clock,
      chance,
      setLevel,
      kept: this.keptOf(child.name),
      event: event => this.event(event),
      tell: (severity, key, text) => this.tell(severity, key, text),
      isDeaf: () => notifier.isDeaf,
    })
  }

  /** Heartbeats, and the status, every second. */
  private async watch(until: AbortSignal): Promise<void> {
    const { clock, settings } = this.options
    let looked = clock.monotonic()
    while (!until.aborted) {
      this.publish()
      await wait(clock, settings.watchMs, until)
      const late = clock.monotonic() - looked
      looked = clock.monotonic()
      // What was said meanwhile is read first.
      if (late > awayFactor * settings.watchMs) this.excuse()
      else for (const charge of this.charges) void charge.watch()
    }
  }

  private excuse(): void {
    this.counters.away++
    for (const child of this.kids) child.excuse()
  }

  private async check(until: AbortSignal): Promise<void> {
    const { clock, settings } = this.options
    while (!until.aborted) {
      await wait(clock, settings.checkMs, until)
      if (until.aborted) return
      await Promise.all(this.charges.map(charge => charge.check(until)))
      this.checkedAt = clock.now()
    }
  }

  /** People who hear nothing should be able to tell that from silence. */
  private async sayAlive(until: AbortSignal): Promise<void> {
    const { clock, settings } = this.options
    while (!until.aborted) {
      await wait(clock, settings.aliveNoticeMs, until)
      if (until.aborted) return
      const each = this.charges.map(({ status: s }) => `${s.name} ${s.state} (${s.level}, ${s.restarts} restarts)`)
      this.tell('P3', `alive ${clock.now()}`, `The supervisor is at work: ${each.join('; ')}.`)
    }
  }

  private tell(severity: Severity, key: string, text: string): void {
    this.options.notifier.send({ severity, key, text, runId: 'supervisor', time: this.options.clock.now() })
  }

  private event(event: Omit<OpsEvent, 'time'>): void {
    const { notifier, clock } = this.options
    try {
      notifier.record.event({ ...event, time: clock.now() })
    } catch {
      this.counters.eventsUnwritten++
    }
  }

  private recent(): OpsEvent[] {
    try {
      return this.options.notifier.record.events(opsLimits.eventsShown)
    } catch {
      return []
    }
  }

  /** What an earlier supervisor changed in the child's run, from its record. */
  private keptOf(name: string): Kept | undefined {
    const events = this.options.notifier.record.events(opsLimits.levelEvents, 'level')
    return events.find(({ child }) => child === name)?.detail.kept as Kept | undefined
  }

  private publish(): SupervisorStatus {
    const { status } = this
    try {
      writeAtomic(join(this.options.folder, 'status.json'), JSON.stringify(status), false)
    } catch {
      this.counters.statusUnwritten++
    }
    this.options.onStatus?.(status)
    return status
  }
}
