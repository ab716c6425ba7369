/** A Chroma server of our own: the one in Chroma's npm packages, as a child process on the loopback. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { OperatorError } from '../core/index.js'
import { chromaAnswers } from './chroma-vectors.js'

export interface ChromaServerOptions {
  /** Where the data are; made where it is not there. */
  readonly folder: string
  /** Default: a free one. */
  readonly port?: number
  /** Milliseconds until it must answer. */
  readonly startMs?: number
}

export interface ChromaServer {
  readonly url: string
  readonly pid: number
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>
  /** Ends the process. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** The child says by this exit code that the binding cannot be loaded. */
const doesNotLoad = 42
const program = `
const [binding, ...args] = process.argv.slice(1)
let server
try { server = require(binding) } catch (error) { console.error(error.message); process.exit(${doesNotLoad}) }
server.cli(args)`

/** `…` stands for the folder; the port comes last. */
const command = 'chroma run --host 127.0.0.1 --path … --port'

/** An alias under which an older binding can stand beside the client's own, for a system whose C library is older than that one needs. */
const olderBinding = 'chroma-binding'

/** Starts the server and waits until it answers. The newest binding that loads on this system is taken. */
export async function startChroma(options: ChromaServerOptions): Promise<ChromaServer> {
  mkdirSync(options.folder, { recursive: true })
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  if (await chromaAnswers(url)) throw new OperatorError({ what: `port ${port}`, expected: 'a free one', got: 'a Chroma server' })
  let words = 'no binding is installed'
  for (const binding of bindings()) {
    const child = new Child(binding, options.folder, port)
    const state = await child.ready(url, options.startMs ?? 30_000)
    if (state === 'answers') return { url, pid: child.pid, ended: child.ended, stop: signal => child.stop(signal) }
    await child.stop('SIGKILL')
    words = child.words
    if (state !== 'does not load') break
  }
  throw new OperatorError({
    what: `no Chroma server could be started here (${words})`,
    next: 'npm run setup -- --with chroma brings one; or name a server that runs elsewhere in CHROMA_URL.',
  })
}

class Child {
  readonly ended: Promise<void>
  words = ''
  private readonly process: ChildProcess

  constructor(binding: string, folder: string, port: number) {
    const args = [...command.split(' ').map(word => (word === '…' ? folder : word)), String(port)]
    this.process = spawn(process.execPath, ['-e', program, '--', binding, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.process.stderr?.on('data', (text: Buffer) => {
      this.words = `${this.words}${text}`.trim().slice(-300)
    })
    this.ended = new Promise(resolve => this.process.once('close', () => resolve()))
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  async ready(url: string, ms: number): Promise<'answers' | 'does not load' | 'failed'> {
    const until = performance.now() + ms
    while (performance.now() < until && this.runs) {
      if (await chromaAnswers(url, 500)) return this.runs ? 'answers' : 'failed'
      await wait(50)
    }
    if (this.runs) this.words = `it did not answer within ${ms} ms`
    return this.process.exitCode === doesNotLoad ? 'does not load' : 'failed'
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.runs) this.process.kill(signal)
    const late = setTimeout(() => this.process.kill('SIGKILL'), 5_000)
    await this.ended
    clearTimeout(late)
  }

  private get runs(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }
}

/** The files of the bindings installed for this system: the client's own, which is newer, first. */
function bindings(): string[] {
  const here = createRequire(import.meta.url)
  const libc = { linux: '-gnu', win32: '-msvc' }[process.platform as string] ?? ''
  const own = `chromadb-js-bindings-${process.platform}-${process.arch}${libc}`
  const client = resolved(here, 'chromadb')
  const places = [here, ...(client === undefined ? [] : [createRequire(client)])]
  const files = [...places.map(place => resolved(place, own)), resolved(here, olderBinding)]
  return [...new Set(files.filter(file => file !== undefined))]
}

function resolved(place: NodeJS.Require, name: string): string | undefined {
  try {
    return place.resolve(name)
  } catch {
    return undefined
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
