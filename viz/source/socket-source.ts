/** Frames over a WebSocket of the server. It keeps what it has seen where the line is lost, and tries again until it is closed. */

import { type Command, Parts } from '../../src/view/index.js'
import type { FrameSource, SourceState } from './frame-source.js'

/** Waits before the first attempts to connect again, ms; the last one for all further ones. */
const waits = [250, 500, 1_000, 2_000, 4_000, 8_000] as const
/** A connection that takes longer than this is given up, ms. */
const patience = 10_000
/** The server's code for a viewer that it does not let in; to try again would be no use. */
const policyViolation = 1008

export interface SocketOptions {
  /** `ws://…/frames`, without a token. */
  readonly url: string
  /** Lets this page look where looking needs it, and command. Sent in the first message, never in an address. */
  readonly token?: string | undefined
}

/** Where the frames of a run are, on the server that the page came from. */
export function framesUrl(run: 'a' | 'b'): string {
  const url = new URL(run === 'a' ? 'frames' : `frames?run=${run}`, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  return url.href
}

interface Answer {
  readonly hello?: { readonly control?: unknown; readonly runs?: unknown }
  readonly id?: unknown
  readonly ok?: unknown
  readonly error?: unknown
}

interface Waiting {
  resolve(): void
  reject(error: Error): void
}

export class SocketSource implements FrameSource {
  parts = new Parts(-1)
  state: SourceState = 'connecting'
  reason: string | undefined
  onTrouble: (sentence: string) => void = () => {}
  canControl = false
  canCompare = false

  private socket: WebSocket | undefined
  private readonly listeners = new Set<() => void>()
  private readonly waiting = new Map<number, Waiting>()
  private questions: readonly string[] = []
  private lastId = 0
  /** The next frame is the first of this connection, and brings all. */
  private begins = true
  private attempts = 0
  private timer = 0

  constructor(private readonly options: SocketOptions) {
    this.connect()
  }

  ask(questions: readonly string[]): void {
    this.questions = questions
    this.send({ ask: questions })
  }

  command(command: Command): Promise<void> {
    if (this.state !== 'open') return Promise.reject(new Error('There is no connection to the run now.'))
    const id = ++this.lastId
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
    this.become('closed')
    clearTimeout(this.timer)
    this.socket?.close()
    this.socket = undefined
    this.reject('The page no longer watches this run.')
  }

  private connect(): void {
    const socket = new WebSocket(this.options.url)
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    const late = later(patience, () => socket.close())
    socket.onopen = () => {
      const { token } = this.options
      this.send({ hello: token === undefined ? {} : { token } })
      if (this.questions.length > 0) this.send({ ask: this.questions })
    }
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      clearTimeout(late)
      if (socket === this.socket) this.hear(data)
    }
    socket.onclose = ({ code, reason }) => {
      clearTimeout(late)
      if (socket === this.socket) this.lose(code, reason)
    }
  }

  private hear(data: unknown): void {
    if (data instanceof ArrayBuffer) this.show(new Uint8Array(data))
    else if (typeof data === 'string') this.take(JSON.parse(data) as Answer)
  }

  private show(frame: Uint8Array): void {
    if (this.begins) this.parts = new Parts(-1)
    this.begins = false
    try {
      this.parts.receive(frame)
    } catch {
      // Bytes that are no frame: the next connection brings all parts anew.
      this.socket?.close()
    }
    this.say()
  }

  private take({ hello, id, error }: Answer): void {
    if (hello !== undefined) {
      this.attempts = 0
      this.begins = true
      this.canControl = hello.control === true
      this.canCompare = this.canControl && Array.isArray(hello.runs) && hello.runs.length > 1
      this.become('open')
    }
    if (typeof id !== 'number') {
      if (typeof error === 'string') this.onTrouble(error)
      return
    }
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    if (typeof error === 'string') waiting?.reject(new Error(error))
    else waiting?.resolve()
  }

  private lose(code: number, reason: string): void {
    this.socket = undefined
    this.reject('The connection was lost before the command was taken.')
    if (this.state === 'closed') return
    if (code === policyViolation) {
      this.reason = reason || undefined
      return this.become('closed')
    }
    this.become(this.state === 'connecting' && this.attempts === 0 ? 'connecting' : 'lost')
    const wait = waits[Math.min(this.attempts++, waits.length - 1)] as number
    this.timer = later(wait, () => this.connect())
  }

  private become(state: SourceState): void {
    this.state = state
    this.say()
  }

  private say(): void {
    for (const listener of [...this.listeners]) listener()
  }

  private reject(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(why))
    this.waiting.clear()
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }
}

function later(ms: number, what: () => void): number {
  return setTimeout(what, ms) as unknown as number
}
