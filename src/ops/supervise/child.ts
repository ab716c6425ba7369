/** A process that is kept alive: started, heard, asked to stop, killed. Its output goes to a log without secrets. */

import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, existsSync, renameSync, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { type Clock, wait } from '../clock.js'
import { opsLimits } from '../limits.js'
import type { Redact } from '../redact.js'
import { type Beat, beatSchema, supervisedBy } from './beat.js'

/** What is started, and where it works. */
export interface ChildPlan {
  readonly name: string
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]]
  /** The directory of its run. */
  readonly run: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** How a process ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ChildOptions {
  readonly plan: ChildPlan
  readonly clock: Clock
  readonly log: string
  readonly redact: Redact
}

export class Child {
  readonly counters = { starts: 0, beats: 0, beatsRefused: 0, logUnwritten: 0 }
  beat: Beat | null = null
  private process: ChildProcess | undefined
  private ending: Promise<End> | undefined
  private heardAt = 0
  private beatsInSecond = { second: 0, n: 0 }

  constructor(private readonly options: ChildOptions) {}

  get name(): string {
    return this.options.plan.name
  }

  get run(): string {
    return this.options.plan.run
  }

  get pid(): number | null {
    return this.isAlive ? (this.process?.pid ?? null) : null
  }

  get isAlive(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null
  }

  /** Since it was heard, or started, ms. */
  get silentMs(): number {
    return this.options.clock.monotonic() - this.heardAt
  }

  /** Counts as heard now: who watches was away itself. */
  excuse(): void {
    this.heardAt = this.options.clock.monotonic()
  }

  /** Starts it; resolves when it has ended. */
  start(): Promise<End> {
    const { plan, clock } = this.options
    const [program, ...args] = plan.command
    const env = { ...plan.environment, [supervisedBy]: '1' }
    // In a group of its own: Ctrl-C in a terminal is for the supervisor alone, which then asks the child once.
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
    this.process = child
    this.beat = null
    this.heardAt = clock.monotonic()
    this.counters.starts++
    child.on('message', message => this.heard(message))
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) this.logLines(stream)
    this.ending = new Promise(resolve => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
      child.once('error', () => resolve({ code: child.exitCode ?? 1, signal: null }))
    })
    return this.ending
  }

  /** Asks it to end, and kills it where it takes longer. */
  async stop(withinMs: number): Promise<void> {
    if (!this.isAlive) return
    const over = new AbortController()
    void this.ending?.then(() => over.abort())
    this.process?.kill('SIGTERM')
    await wait(this.options.clock, withinMs, over.signal)
    if (this.isAlive) this.process?.kill('SIGKILL')
    await this.ending
  }

  private heard(message: unknown): void {
    const { clock } = this.options
    const second = Math.floor(clock.monotonic() / 1_000)
    if (second !== this.beatsInSecond.second) this.beatsInSecond = { second, n: 0 }
    const parsed = ++this.beatsInSecond.n > opsLimits.beatsPerSecond ? undefined : beatSchema.safeParse(message)
    if (parsed?.success !== true) return void this.counters.beatsRefused++
    this.counters.beats++
    this.beat = parsed.data
    this.heardAt = clock.monotonic()
  }

  /** Whole lines alone: a secret in two pieces would not be seen. */
  private logLines(stream: Readable): void {
    let rest = ''
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = (lines.pop() ?? '').slice(-opsLimits.childLine)
      if (lines.length > 0) this.write(`${lines.join('\n')}\n`)
    })
    stream.on('end', () => rest !== '' && this.write(`${rest}\n`))
  }

  /** A log that cannot be written stops nothing. */
  private write(text: string): void {
    const { log, redact } = this.options
    try {
      if (existsSync(log) && statSync(log).size > opsLimits.childLogBytes) renameSync(log, `${log}.1`)
      appendFileSync(log, redact(text))
    } catch {
      this.counters.logUnwritten++
    }
  }
}
