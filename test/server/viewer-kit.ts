/** A viewer's server in this thread, and viewers that talk to it over real sockets. */

import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { viewerLimits } from '../../src/server/index.js'
import type { ViewerLimits } from '../../src/server/limits.js'
import { FrameServer } from '../../src/server/viewer/frame-server.js'
import type { FromViewers, ToViewers } from '../../src/server/viewer/messages.js'
import { RunChannel } from '../../src/server/viewer/run-channel.js'
import { type Command, Parts } from '../../src/view/index.js'

export const controlToken = 'the-control-token'

/** A folder with a page, as the bundler leaves one. */
export function pageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Mycelia</title>')
  writeFileSync(join(folder, 'assets', 'index-Abcd1234.js'), 'export const a = 1')
  return folder
}

export interface Given {
  readonly token?: string
  readonly controlToken?: string
  readonly listen?: string
  readonly limits?: Partial<ViewerLimits>
  readonly files?: string
}

/** The server without its thread: the run's end and the viewers' end in one process. */
export async function serveHere(given: Given = {}) {
  const { token, listen, limits: some = {}, files = pageFolder() } = given
  const limits = { ...viewerLimits, ...some }
  const runs = new Map<string, RunChannel>()
  const hear = (message: FromViewers) => 'run' in message && runs.get(message.run)?.hear(message)
  const server = new FrameServer(
    { port: 0, option: 'port', listen, token, controlToken: given.controlToken ?? controlToken, files, limits },
    hear,
  )
  const url = await server.listen()
  onTestFinished(() => server.close())
  const run = (name = 'a') => {
    const post = (message: ToViewers) => server.hear(message)
    const made = new RunChannel(name, limits, post, () => runs.delete(name))
    runs.set(name, made)
    made.begin()
    return made
  }
  return { server, url, run, counters: server.counters }
}

export interface Dial {
  readonly headers?: Record<string, string>
  readonly path?: string
  /** False: no hello is said. */
  readonly hello?: { token?: string } | false
  readonly origin?: string | undefined
  readonly autoPong?: boolean
}

/** What a viewer has and hears. */
export class Client {
  readonly parts = new Parts()
  readonly frames: Uint8Array[] = []
  readonly texts: Record<string, unknown>[] = []
  /** False: of frames only their parts are kept. */
  keepsFrames = true
  closed: { code: number; why: string } | undefined
  private lastId = 0

  constructor(readonly socket: WebSocket) {
    socket.on('error', () => undefined)
    socket.on('message', (data, isBinary) => {
      if (!isBinary) return this.texts.push(JSON.parse(String(data)))
      if (this.keepsFrames) this.frames.push(data as Buffer)
      this.parts.receive(new Uint8Array(data as Buffer))
    })
    socket.on('close', (code, why) => {
      this.closed = { code, why: String(why) }
    })
    onTestFinished(() => socket.terminate())
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message))
  }

  ask(...questions: string[]): void {
    this.say({ ask: questions })
  }

  /** The answer to a command. */
  async command(command: Command | object): Promise<Record<string, unknown>> {
    const id = ++this.lastId
    this.say({ id, command })
    for (;;) {
      const answer = this.texts.find(text => text.id === id)
      if (answer !== undefined) return answer
      await once(this.socket, 'message')
    }
  }
}

/** A page that opens the socket, as a browser does. */
export async function connect(url: string, dial: Dial = {}): Promise<Client> {
  const { path = '/frames', hello = {}, headers = {}, autoPong = true } = dial
  const origin = 'origin' in dial ? dial.origin : url
  const socket = new WebSocket(url.replace('http', 'ws') + path, {
    perMessageDeflate: true,
    autoPong,
    headers: { ...(origin === undefined ? {} : { origin }), ...headers },
  })
  const client = new Client(socket)
  await once(socket, 'open')
  if (hello !== false) client.say({ hello })
  return client
}

/** The status and text with which a socket is refused before it is one. */
export function refusal(url: string, dial: Dial = {}): Promise<{ status: number; body: string; headers: object }> {
  const { path = '/frames', headers = {} } = dial
  const origin = 'origin' in dial ? dial.origin : url
  const socket = new WebSocket(url.replace('http', 'ws') + path, {
    headers: { ...(origin === undefined ? {} : { origin }), ...headers },
  })
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate()
      reject(new Error('it was let in'))
    })
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', chunk => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
  })
}

/** Parts of a made-up run, whose step counts up with each look. */
export class MadeUpRun {
  readonly parts: Parts
  step = 0
  questions: readonly string[] = []

  constructor(epoch = 1) {
    this.parts = new Parts(epoch)
  }

  look(bytes = 100): Parts {
    this.step++
    this.parts.advance()
    if (this.step === 1) this.parts.setJson('about', { title: 'Made up' })
    this.parts.setJson('clock', { step: this.step, at: performance.now() })
    this.parts.setArray('layer/x', new Uint8Array(bytes).fill(this.step))
    for (const question of this.questions) this.parts.setJson(`${question}/value`, `${question} at ${this.step}`)
    return this.parts
  }
}
