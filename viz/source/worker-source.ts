/** Frames of a model that runs in a worker of this page. Each source has its own worker: two sources are two runs side by side. */

import { type Command, Parts } from '../../src/view/index.js'
import type { FromWorker, ToWorker, WorkerRun } from '../worker/messages.js'
import type { FrameSource, SourceState } from './frame-source.js'

/** A worker that breaks is started again so often; the run begins anew then. */
const restarts = 3
const firstWaitMs = 250
/** Epochs of one worker, at most: those of the next are others. */
const epochsOfWorker = 1_000_000_000

interface Waiting {
  resolve(): void
  reject(error: Error): void
}

export class WorkerSource implements FrameSource {
  readonly parts = new Parts()
  readonly canControl = true
  readonly canCompare = true
  /** Why it is lost or closed. */
  reason: string | undefined
  onTrouble: (sentence: string) => void = () => {}
  private state_: SourceState = 'connecting'
  private worker: Worker | undefined
  private questions: readonly string[] = []
  private commands = 0
  private readonly waiting = new Map<number, Waiting>()
  private readonly listeners = new Set<() => void>()
  private starts = 0
  private timer: number | undefined

  constructor(private readonly run: WorkerRun) {
    this.start()
  }

  get state(): SourceState {
    return this.state_
  }

  ask(questions: readonly string[]): void {
    this.questions = questions
    this.send({ ask: questions })
  }

  command(command: Command): Promise<void> {
    if (this.worker === undefined) return Promise.reject(new Error(this.reason ?? 'The model does not run.'))
    const id = ++this.commands
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.send({ id, command })
    })
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  close(): void {
    this.end('closed', 'The run was closed.')
  }

  private start(): void {
    const worker = new Worker(new URL('../worker/entry.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(data)
    worker.onerror = event => {
      event.preventDefault()
      this.lose(event.message || 'The worker could not be loaded.')
    }
    this.worker = worker
    this.send({ run: this.run, epoch: 1 + epochsOfWorker * this.starts++ })
    this.send({ ask: this.questions })
  }

  private hear(message: FromWorker): void {
    if (message instanceof ArrayBuffer) this.parts.receive(new Uint8Array(message))
    else if ('hello' in message) this.open()
    else if ('failed' in message) return this.end('closed', message.failed)
    else if ('id' in message) return this.answer(message)
    else return this.onTrouble(message.error)
    this.tell()
  }

  private open(): void {
    this.state_ = 'open'
    this.reason = undefined
  }

  private answer(message: { readonly id: number; readonly error?: string }): void {
    const { id, error } = message
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    if (error === undefined) waiting?.resolve()
    else waiting?.reject(new Error(error))
  }

  /** The worker broke: another takes its place, a few times. */
  private lose(reason: string): void {
    if (this.starts > restarts) return this.end('closed', reason)
    this.end('lost', reason)
    this.timer = self.setTimeout(() => this.start(), firstWaitMs * 2 ** (this.starts - 1))
  }

  private end(state: SourceState, reason: string): void {
    clearTimeout(this.timer)
    this.worker?.terminate()
    this.worker = undefined
    this.state_ = state
    this.reason = reason
    for (const { reject } of this.waiting.values()) reject(new Error(reason))
    this.waiting.clear()
    this.tell()
  }

  private send(message: ToWorker): void {
    this.worker?.postMessage(message)
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
