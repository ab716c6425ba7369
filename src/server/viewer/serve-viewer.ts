/**
 * Serves the viewer's page and the frames of runs from a thread of its own. A thread that dies is started again on the same port, and
 * gets all parts anew; the runs go on.
 */

import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { OperatorError } from '../../core/index.js'
import { type ViewerLimits, viewerLimits } from '../limits.js'
import { type Counters, noCounters } from './counters.js'
import type { FrameServerOptions } from './frame-server.js'
import { type FromViewers, firstRun, type ToViewers } from './messages.js'
import { RunChannel } from './run-channel.js'

export interface ViewerOptions {
  /** 0: any free one. */
  readonly port: number
  /** The option that names the port, for errors. */
  readonly option: string
  /** The address to listen on; default: the loopback. Another one needs a token. */
  readonly listen?: string | undefined
  /** What viewers must know to look, and readers of `/metrics` carry; undefined: nothing, on the loopback alone. */
  readonly token?: string | undefined
  /** What viewers must know to command; undefined: nobody may. */
  readonly controlToken?: string | undefined
  /** The folder of the built page. */
  readonly files: string
  readonly limits?: Partial<ViewerLimits>
  /** Hears why a thread ended that is started again. */
  readonly onNote?: (sentence: string) => void
}

export interface ViewerServer {
  /** `http://127.0.0.1:9464`; with `#token=…` behind it the page may command. */
  readonly url: string
  readonly viewers: number
  /** What became of viewers, frames and commands, at most a second old; also at `/metrics`. */
  readonly counters: Readonly<Counters>
  /**
   * The run of this name, `a` without one: what `/frames` and `/frames?run=<name>` show. Throws an `OperatorError` where the name is none,
   * or there are too many runs.
   */
  run(name?: string): RunChannel
  /** Sends viewers away and ends the thread, by the limit at the latest. */
  close(): Promise<void>
}

/** The built file, also where the sources run as they are: a worker loads no TypeScript. */
const program = fileURLToPath(import.meta.url).endsWith('.ts')
  ? new URL('../../../dist/src/server/viewer/entry.js', import.meta.url)
  : new URL('./entry.js', import.meta.url)

/** Throws an `OperatorError` where the port is taken, an address beyond the loopback has no token, or the page was not built. */
export async function serveViewer(options: ViewerOptions): Promise<ViewerServer> {
  const server = new ViewerThread(options)
  await server.start()
  return server
}

class ViewerThread implements ViewerServer {
  url = ''
  counters = noCounters()
  private readonly limits: ViewerLimits
  private readonly runs = new Map<string, RunChannel>()
  private worker: Worker | undefined
  /** Before, and between two threads, nothing is handed over: the next one gets all parts anew. */
  private isListening = false
  private restart: NodeJS.Timeout | undefined
  private isClosing = false
  /** Threads in a row that ended before they listened. */
  private failures = 0

  constructor(private readonly options: ViewerOptions) {
    this.limits = { ...viewerLimits, ...options.limits }
    this.run(firstRun)
  }

  get viewers(): number {
    return [...this.runs.values()].reduce((sum, { viewers }) => sum + viewers, 0)
  }

  run(name = firstRun): RunChannel {
    const known = this.runs.get(name)
    if (known !== undefined) return known
    this.checkName(name)
    const post = (message: ToViewers, transfer: ArrayBuffer[] = []) => {
      if (this.isListening) this.worker?.postMessage(message, transfer)
    }
    const run = new RunChannel(name, this.limits, post, () => this.runs.delete(name))
    this.runs.set(name, run)
    run.begin()
    return run
  }

  /** Starts the thread, and resolves when it listens. */
  start(): Promise<void> {
    const { port, option, listen, token, controlToken, files } = this.options
    const workerData: FrameServerOptions = {
      port: this.url === '' ? port : Number(new URL(this.url).port),
      option,
      listen,
      token,
      controlToken,
      files,
      limits: this.limits,
      counters: this.counters,
    }
    const worker = new Worker(program, { workerData, name: 'viewers' })
    this.worker = worker
    return new Promise((resolve, reject) => {
      let refused: OperatorError | undefined
      let died: Error | undefined
      worker.on('message', (message: FromViewers) => {
        if (message.kind === 'refused') refused = new OperatorError(message.why)
        else if (message.kind === 'listening') this.begin(message.url, resolve)
        else this.hear(message)
      })
      worker.on('error', error => {
        died = error
      })
      worker.on('exit', () => {
        this.isListening = false
        this.worker = undefined
        // Before it ever listened an error is the caller's; later the runs go on, and it is tried again.
        if (this.url === '') reject(refused ?? died)
        else this.startAgain(refused ?? died)
      })
    })
  }

  async close(): Promise<void> {
    if (this.isClosing) return
    this.isClosing = true
    clearTimeout(this.restart)
    const { worker } = this
    if (worker === undefined) return
    await new Promise<void>(resolve => {
      const deadline = setTimeout(() => void worker.terminate(), 2 * this.limits.closeMs)
      worker.once('exit', () => {
        clearTimeout(deadline)
        resolve()
      })
      worker.postMessage({ kind: 'close' } satisfies ToViewers)
    })
  }

  private begin(url: string, listening: () => void): void {
    this.url = url
    this.isListening = true
    this.failures = 0
    for (const run of this.runs.values()) run.begin()
    listening()
  }

  private startAgain(why: Error | undefined): void {
    if (this.isClosing) return
    this.counters.restarts++
    // One that dies each time, as where its port was taken, is tried ever more rarely.
    const waitMs = this.limits.restartMs * 2 ** Math.min(this.failures++, 9)
    this.options.onNote?.(
      `The thread that serves viewers ended${why === undefined ? '' : `: ${why.message}`}. It is started again.`,
    )
    this.restart = setTimeout(() => void this.start(), waitMs)
  }

  private hear(message: FromViewers): void {
    if (message.kind === 'counted') {
      this.counters = message.counters
      for (const run of this.runs.values()) run.count(message.viewers[run.name] ?? 0)
    } else if ('run' in message) this.runs.get(message.run)?.hear(message)
  }

  private checkName(name: string): void {
    if (!/^[a-z0-9-]{1,32}$/.test(name))
      throw new OperatorError({ what: 'the name of a watched run', expected: '1 to 32 of a–z, 0–9 and -', got: name })
    if (this.runs.size >= this.limits.runs)
      throw new OperatorError({
        what: `the watched run ${name}`,
        expected: `at most ${this.limits.runs} at once`,
        got: 'one more',
      })
  }
}
