/** A real redis-server of our own on a free loopback port, which a test may kill, pause and start again. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Why tests that need Redis cannot run here, or undefined where they can. */
export const noRedis: string | undefined = findServer() ? undefined : 'redis-server is not installed on this machine'

export class RedisServer {
  private child: ChildProcess | undefined
  private folder: string | undefined

  private constructor(
    readonly port: number,
    private readonly args: readonly string[],
  ) {}

  /** Extra arguments as for the program, e.g. `['--cluster-enabled', 'yes']`; a free port where none is given. */
  static async start(args: readonly string[] = [], port?: number): Promise<RedisServer> {
    const server = new RedisServer(port ?? (await freePort()), args)
    await server.restart()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.child?.pid ?? 0
  }

  /** Starts it again on its port; resolves once it answers. */
  async restart(): Promise<void> {
    this.folder ??= mkdtempSync(join(tmpdir(), 'redis-'))
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.folder]
    this.child = spawn('redis-server', [...own, ...this.args], { stdio: 'ignore' })
    const until = performance.now() + 10_000
    while (!(await this.answers())) {
      if (performance.now() > until) throw new Error(`redis-server on port ${this.port} did not answer within 10 s`)
      await sleep(5)
    }
  }

  /** SIGKILL, by its pid; resolves when it is gone. */
  async kill(): Promise<void> {
    const { child } = this
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true })
    this.folder = undefined
  }

  /** One command, one reply as raw text. */
  async command(...words: readonly string[]): Promise<string> {
    const socket = connect(this.port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      socket.write(`*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)
      const [reply] = await once(socket, 'data')
      return String(reply)
    } finally {
      socket.destroy()
    }
  }

  private answers(): Promise<boolean> {
    return this.command('PING').then(
      reply => reply.startsWith('+PONG') || reply.startsWith('-NOAUTH'),
      () => false,
    )
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

function findServer(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, 'redis-server'), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
