/** One child in the supervisor's care: kept running, checked, and brought to the level that its faults ask for. */

import type { Severity } from '../../core/index.js'
import type { OpsEvent } from '../../storage/index.js'
import { type Clock, wait } from '../clock.js'
import { faultsOf } from './checks.js'
import type { Child, End } from './child.js'
import { type Fault, faults, isWorse, type Kept, type Level, levelOf, type RunLevel, type SetLevel } from './degradation.js'
import type { Measure } from './measure.js'
import { Restarts } from './restarts.js'
import type { SuperviseSettings } from './settings.js'
import type { ChildState, ChildStatus } from './status.js'

export interface ChargeOptions {
  readonly child: Child
  readonly measure: Measure
  readonly settings: Pick<SuperviseSettings, 'thresholds' | 'restarts'>
  readonly clock: Clock
  readonly chance: () => number
  readonly setLevel: SetLevel
  /** What an earlier supervisor changed in the run. */
  readonly kept: Kept | undefined
  readonly event: (event: Omit<OpsEvent, 'time'>) => void
  readonly tell: (severity: Severity, key: string, text: string) => void
  readonly isDeaf: () => boolean
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

export class Charge {
  private state: ChildState = 'waiting'
  private present: readonly Fault[] = []
  private level: Level
  private kept: Kept | undefined
  private isHung = false
  private hungAt = 0
  private isCondemned = false
  private count = 0
  private readonly restarts: Restarts
  private readonly over = new AbortController()

  constructor(private readonly options: ChargeOptions) {
    this.restarts = new Restarts(options.settings.restarts, options.clock, options.chance)
    this.kept = options.kept
    this.level = options.kept?.level ?? 'full'
  }

  /** Keeps it running until it is stopped or has ended as it should. One that stays down is waited with: its P0 goes on. */
  async keep(): Promise<void> {
    const { child, clock } = this.options
    const { signal } = this.over
    while (!signal.aborted) {
      const ended = child.start()
      this.state = 'running'
      this.isHung = false
      this.event('started', { pid: child.pid })
      const end = await ended
      if (signal.aborted) return this.ended()
      const pauseMs = this.pauseAfter(end)
      // What it took to end a child that hung counts as a part of its pause.
      const spentMs = this.isHung ? clock.monotonic() - this.hungAt : 0
      if (pauseMs === undefined) return this.isDown ? aborted(signal) : undefined
      this.state = 'waiting'
      await wait(clock, Math.max(0, pauseMs - spentMs), signal)
    }
    this.ended()
  }

  /** Ends it, also where it waits for its restart. */
  async stop(): Promise<void> {
    this.over.abort()
    await this.options.child.stop(this.options.settings.restarts.stopMs)
  }

  /** Ends a child that has been silent too long; the loop above starts it again. */
  async watch(): Promise<void> {
    const { child, settings } = this.options
    const { thresholds, restarts } = settings
    if (!child.isAlive || this.isHung) return
    if (child.silentMs < (child.beat === null ? Math.max(thresholds.startMs, thresholds.beatAgeMs) : thresholds.beatAgeMs)) return
    this.isHung = true
    this.hungAt = this.options.clock.monotonic()
    this.event('hung', { silentMs: Math.round(child.silentMs), pid: child.pid })
    await child.stop(restarts.termMs)
  }

  /** Looks at its health as a whole, and acts on what is new. */
  async check(until: AbortSignal): Promise<void> {
    const { child, measure, settings, isDeaf } = this.options
    if (this.state !== 'running') return
    const reading = await measure.take(until)
    if (this.state !== 'running' || until.aborted) return
    const present = faultsOf({ ...reading, beat: child.beat, isDeaf: isDeaf() }, settings.thresholds)
    this.note(present)
    if (present.some(({ code }) => code === 'databaseDamaged')) return this.condemn()
    await this.bringTo(levelOf(present) as RunLevel, present)
  }

  private ended(): void {
    this.state = 'finished'
  }

  private get isDown(): boolean {
    return this.state === 'down'
  }

  get status(): ChildStatus {
    const { child } = this.options
    const { state, present, restarts, count } = this
    return {
      name: child.name,
      run: child.run,
      state,
      pid: child.pid,
      level: state === 'running' ? this.level : 'stopped',
      faults: present,
      restarts: count,
      restartsInWindow: restarts.inWindow,
      silentMs: Math.round(child.silentMs),
      beat: child.beat,
      counters: child.counters,
    }
  }

  /** Undefined: it is not started again. */
  private pauseAfter(end: End): number | undefined {
    const how = end.signal ?? `code ${end.code}`
    this.event('ended', { ...end, hung: this.isHung })
    if (this.isCondemned) return this.giveUp('databaseDamaged', 'its ledger is damaged; it was stopped')
    if (end.code === 0 && !this.isHung) {
      this.state = 'finished'
      this.tell('P2', 'finished', 'has ended as it should')
      return undefined
    }
    const pauseMs = this.restarts.next()
    const { most } = this.options.settings.restarts
    if (pauseMs === undefined)
      return this.giveUp('crashLoop', `it ended again (${how}) after ${most} restarts in a short time; its log says why`)
    const code = this.isHung ? 'hung' : 'ended'
    this.count++
    this.present = [{ code, detail: how }]
    this.event('restart', { afterMs: Math.round(pauseMs), hung: this.isHung })
    this.tell(
      faults[code].severity,
      'restart',
      `${faults[code].meaning} (${how}); it goes on in ${(pauseMs / 1_000).toFixed(1)} s`,
    )
    return pauseMs
  }

  private giveUp(code: 'crashLoop' | 'databaseDamaged', why: string): undefined {
    this.state = 'down'
    this.present = [{ code, detail: why }]
    this.event('gave up', { code, why })
    this.tell(faults[code].severity, code, `stays down: ${why}. Mend it, then start the supervisor again`)
  }

  private async condemn(): Promise<void> {
    this.isCondemned = true
    await this.options.child.stop(this.options.settings.restarts.stopMs)
  }

  /** Faults that begin and end. */
  private note(present: readonly Fault[]): void {
    const [before, now] = [this.present, present].map(all => new Set(all.map(({ code }) => code)))
    for (const { code, detail } of present) {
      if (before?.has(code)) continue
      this.event('fault', { code, detail })
      this.tell(faults[code].severity, code, `${faults[code].meaning} (${detail}): ${faults[code].level}`)
    }
    for (const { code } of this.present) {
      if (now?.has(code)) continue
      this.event('healed', { code })
      this.tell('P2', code, `over: ${faults[code].meaning}`)
    }
    this.present = present
  }

  /** What the run does not take now is tried again by the next check. */
  private async bringTo(level: RunLevel, present: readonly Fault[]): Promise<void> {
    const { child, setLevel } = this.options
    if (level === this.level) return
    const reason = present.map(({ code }) => code).join(', ') || 'all faults are over'
    try {
      const kept = await setLevel(child.run, level, reason, this.kept)
      this.event('level', { from: this.level, to: level, reason, kept, worse: isWorse(level, this.level) })
      this.kept = kept
      this.level = level
    } catch (error) {
      this.event('level failed', { to: level, error: String(error) })
    }
  }

  private event(kind: string, detail: OpsEvent['detail']): void {
    this.options.event({ child: this.options.child.name, kind, detail })
  }

  private tell(severity: Severity, key: string, text: string): void {
    const { name } = this.options.child
    this.options.tell(severity, `${name} ${key}`, `${name}: ${text}.`)
  }
}
