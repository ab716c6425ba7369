/** The viewers' server itself, in a thread of its own: the page, the socket `/frames`, and `/metrics`, under the rules of all servers. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Command } from '../../view/index.js'
import { type HttpServer, type Refusal, serveHttp } from '../http.js'
import type { ViewerLimits } from '../limits.js'
import { readFiles } from '../static-files.js'
import { type Counters, metricsText, noCounters } from './counters.js'
import { type FromViewers, firstRun, type ToViewers } from './messages.js'
import { RunFrames } from './run-frames.js'
import { Viewer } from './viewer.js'

/** What crosses to the thread. */
export interface FrameServerOptions {
  readonly port: number
  readonly option: string
  readonly listen: string | undefined
  readonly token: string | undefined
  readonly controlToken: string | undefined
  readonly files: string
  readonly limits: ViewerLimits
  /** What was counted before the thread was started again. */
  readonly counters?: Counters
}

const socketPath = '/frames'
const textType = 'text/plain; version=0.0.4; charset=utf-8'

export class FrameServer {
  readonly counters: Counters
  /** Exactly what is promised of sockets: no compression, small messages. */
  readonly sockets: WebSocketServer
  private readonly runs = new Map<string, RunFrames>()
  private readonly viewers = new Map<number, Viewer>()
  private readonly timers: readonly NodeJS.Timeout[]
  private lastViewer = 0
  private lastTold = ''
  private http: HttpServer | undefined

  constructor(
    private readonly options: FrameServerOptions,
    private readonly tell: (message: FromViewers) => void,
  ) {
    const { limits, counters } = options
    this.counters = counters ?? noCounters()
    this.sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.messageBytes,
    })
    this.timers = [setInterval(() => this.sweep(), limits.sweepMs), setInterval(() => this.ping(), limits.pingMs)]
    this.open(firstRun)
  }

  /** Throws an `OperatorError` as `serveHttp` does, and where the page was not built. */
  async listen(): Promise<string> {
    const { port, option, listen, token, controlToken, files, limits } = this.options
    this.http = await serveHttp({
      port,
      option,
      listen,
      token,
      files: readFiles(files),
      routes: { '/metrics': () => ({ type: textType, body: metricsText(this.counters, this.present()) }) },
      upgrades: {
        tokens: [token, controlToken],
        most: limits.viewers,
        refusal: url => this.refusal(url),
        accept: (request, socket, head, url) => this.accept(request, socket, head, url),
      },
    })
    return this.http.url
  }

  hear(message: ToViewers): void {
    if (message.kind === 'frame') this.receive(message)
    else if (message.kind === 'answer') this.viewers.get(message.command.viewer)?.answer(message.command.id, message.error)
    else if (message.kind === 'open') this.open(message.run)
    else if (message.kind === 'end') this.endRun(message.run)
    else void this.close()
  }

  /** Ends by the limit, whatever viewers do. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    for (const run of this.runs.values()) run.end()
    await this.http?.close()
  }

  private receive({ run: name, frame, held }: Extract<ToViewers, { kind: 'frame' }>): void {
    this.counters.framesHeld += held
    const began = performance.now()
    this.runs.get(name)?.receive(frame)
    const took = performance.now() - began
    // Serving takes at most half of this thread's time, so that it leaves the processor to the run.
    setTimeout(() => this.tell({ kind: 'took', run: name }), took)
  }

  private open(name: string): void {
    if (this.runs.has(name)) return
    const onQuestions = (questions: readonly string[]) => this.tell({ kind: 'questions', run: name, questions })
    this.runs.set(name, new RunFrames(this.options.limits, this.counters, onQuestions))
  }

  private endRun(name: string): void {
    this.runs.get(name)?.end()
    this.runs.delete(name)
  }

  private refusal({ pathname, searchParams }: URL): Refusal | undefined {
    if (pathname !== socketPath) return { status: 404 }
    if (!this.runs.has(searchParams.get('run') ?? firstRun)) {
      this.counters.viewersRefused++
      return { status: 404, why: 'There is no run of this name.' }
    }
    if (this.viewers.size < this.options.limits.viewers) return undefined
    this.counters.viewersRefused++
    return { status: 503, why: 'There are too many viewers now: try again later.', headers: { 'retry-after': '10' } }
  }

  private accept(request: IncomingMessage, socket: Duplex, head: Buffer, { searchParams }: URL): void {
    this.sockets.handleUpgrade(request, socket, head, connected => {
      const name = searchParams.get('run') ?? firstRun
      const run = this.runs.get(name)
      if (run === undefined) return connected.terminate()
      const number = ++this.lastViewer
      const give = (id: number, command: Command) =>
        this.tell({ kind: 'command', run: name, key: { viewer: number, id }, command })
      const opened = () => this.tell({ kind: 'opened', run: name })
      const rules = { ...this.options, counters: this.counters, runs: () => [...this.runs.keys()] }
      const viewer = new Viewer(connected, run, rules, { opened, give })
      this.viewers.set(number, viewer)
      this.counters.viewersAdmitted++
      connected.on('close', () => {
        this.viewers.delete(number)
        this.tellCounts()
      })
      this.tellCounts()
    })
  }

  private sweep(): void {
    for (const viewer of this.viewers.values()) viewer.sweep()
    this.tellCounts()
  }

  private ping(): void {
    for (const viewer of this.viewers.values()) viewer.ping()
  }

  private present(): Record<string, number> {
    return Object.fromEntries([...this.runs].map(([name, { viewers }]) => [name, viewers.size]))
  }

  private tellCounts(): void {
    const counted = { kind: 'counted', counters: { ...this.counters }, viewers: this.present() } as const
    const text = JSON.stringify(counted)
    if (text === this.lastTold) return
    this.lastTold = text
    this.tell(counted)
  }
}
