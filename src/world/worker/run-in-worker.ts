/**
 * Runs a scenario in a worker, so that this thread keeps the signals and the terminal: a step that never ends can be
 * stopped, and a run that dies of too little memory is brought to a good end by a second worker.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MyceliaError } from '../../core/index.js'
import { packageRoot } from '../package-info.js'
import { RunFailed, StoppedInSetUp } from '../run-errors.js'
import type { RunRequest } from '../run-request.js'
import type { RunResult } from '../run-result.js'
import { waited } from '../wall-clock.js'
import { unpacked } from './crossing.js'
import { type Broken, outOfMemory, type PlainRequest, type Said, type Stop, type Task } from './messages.js'
import type { StuckAt } from './stuck.js'

/** How long the worker has to answer a signal before its thread is looked at, ms. */
const answerMs = 1_000
/** The look from which on a step in a package's code counts as stuck too: a swarm's may take a second or two. */
const patientLooks = 4

/** What is said to the process that runs the worker. */
export interface Listener extends Pick<RunRequest, 'signal' | 'onProgress' | 'onNote'> {
  /** Whether errors carry stacks that name lines of the source. */
  readonly debug: boolean
}

/** Whether a model can run in a thread that is inspected and ended from outside: in Node alone. */
export function hasWorkers(): boolean {
  return !('bun' in process.versions || 'deno' in process.versions)
}

/** As `run`, in a thread of its own. */
export async function runInWorker(request: PlainRequest, listener: Listener): Promise<RunResult> {
  const steps = new SharedArrayBuffer(4)
  const { debug } = listener
  const first = new Attempt({ kind: 'run', request, steps, debug }, listener)
  const end = await first.ended
  if (!isBroken(end)) return end
  // A second worker throws the error that ends the run. Where it dies as well, fewer steps need less memory.
  for (const again of [end.whole, end.whole - 1, end.whole - 2, undefined]) {
    const closing = { ...end, again: again === undefined || again < 0 ? undefined : again }
    await new Attempt({ kind: 'close', broken: closing, steps: new SharedArrayBuffer(4), debug }, listener).ended
  }
  throw new RunFailed(end.runDir, undefined, 'run', { message: `${end.message}. The steps since could not be made again.` })
}

function isBroken(end: RunResult | Broken): end is Broken {
  return 'whole' in end && 'message' in end
}

/** The built file, also where the sources run as they are: a worker loads no TypeScript. */
const entry = join(packageRoot, 'dist', 'src', 'world', 'worker', 'entry.js')

/** As `bin/mycelia` asks for itself, where nothing else is asked for: 32 MB for young objects, and twice that for their copies. */
const roomForTheYoung = { maxYoungGenerationSizeMb: 96 }

/** One worker from its start to its end. */
class Attempt {
  /** The result, or how the worker broke. Rejects with the error that the worker sent. */
  readonly ended: Promise<RunResult | Broken>
  private readonly worker: Worker
  /** Known only while it lives. */
  private readonly thread: number
  private runDir: string | undefined
  private answered = false
  private settled = false
  private settle!: { resolve: (end: RunResult | Broken) => void; reject: (error: unknown) => void }

  constructor(
    private readonly task: Task,
    private readonly listener: Listener,
  ) {
    this.runDir = task.kind === 'close' ? task.broken.runDir : undefined
    this.ended = new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    this.worker = new Worker(entry, { workerData: task, name: 'model', resourceLimits: roomForTheYoung })
    this.thread = this.worker.threadId
    this.worker.on('message', (said: Said) => this.hear(said))
    this.worker.on('error', error => this.died(causeOfDeath(error)))
    this.worker.on('exit', code => this.died(`the model ended the process by exit(${code})`))
    const stop = () => void this.stop()
    listener.signal?.addEventListener('abort', stop)
    void this.ended.catch(() => undefined).finally(() => listener.signal?.removeEventListener('abort', stop))
  }

  private hear(said: Said): void {
    if (said.kind === 'progress') this.listener.onProgress?.(said.progress)
    else if (said.kind === 'note') this.listener.onNote?.(said.note)
    else if (said.kind === 'begun') this.runDir = said.runDir
    else if (said.kind === 'stopping') this.answered = true
    else if (said.kind === 'result') this.end(() => this.settle.resolve(said.result))
    else this.end(() => this.settle.reject(unpacked(said.error)))
  }

  /** Asks for a stop at a checkpoint. A worker that does not answer is looked at, and ended where the model holds it. */
  private async stop(): Promise<void> {
    const by = String(this.listener.signal?.reason)
    this.worker.postMessage({ by } satisfies Stop)
    await waited(answerMs)
    for (let looks = 1; !this.answered && !this.settled; looks++) {
      const { whereStuck } = await import('./stuck.js')
      const at = await whereStuck(looks >= patientLooks)
      if (this.answered || this.settled) return
      if (at !== undefined) return this.kill(by, at)
      await waited(answerMs)
    }
  }

  private async kill(by: string, at: StuckAt): Promise<void> {
    this.settled = true
    await this.worker.terminate()
    const place = at.calls[0]?.place
    const where = `${at.agent ?? 'the model'} in ${at.calls[0]?.call || 'a function'}${place === undefined ? '' : ` (${place})`}`
    if (this.runDir === undefined) return this.settle.reject(new StoppedInSetUp(by, where))
    await releaseLocks(this.runDir, this.thread)
    const whole = this.whole
    this.settle.resolve({
      runDir: this.runDir,
      whole,
      by,
      message: `in step ${whole + 1}, which did not end: ${where}`,
      agent: at.agent,
      place,
      calls: at.calls.map(({ call, place }) => `${call} ${place}`.trim()),
    })
  }

  /** The worker is gone without a result: out of memory, or ended by the model. */
  private died(message: string): void {
    this.end(() => void this.broke(message))
  }

  private async broke(message: string): Promise<void> {
    const { runDir } = this
    if (runDir === undefined) return this.settle.reject(new MyceliaError(`${message}. Nothing was made.`))
    await releaseLocks(runDir, this.thread)
    this.settle.resolve({ runDir, whole: this.whole, message: `step ${this.whole + 1}: ${message}` })
  }

  private end(how: () => void): void {
    if (this.settled) return
    this.settled = true
    how()
  }

  private get whole(): number {
    return new Int32Array(this.task.steps)[0] ?? 0
  }
}

/** A thread that was ended released nothing itself. */
async function releaseLocks(runDir: string, thread: number): Promise<void> {
  const { releaseThread } = await import('../../storage/index.js')
  if (existsSync(runDir)) releaseThread(runDir, thread)
}

function causeOfDeath(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ERR_WORKER_OUT_OF_MEMORY') return `the thread of the model died (${message})`
  return outOfMemory
}
