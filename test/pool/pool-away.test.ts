/** What a node and a client of a compute pool do while the pool is away, or does not answer. */

import { createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { PoolClient, PoolError, type Registered, workForPool } from '../../src/pool/index.js'
import { mini } from './pool-kit.js'

const closed = 'http://127.0.0.1:1'

function work(client: PoolClient, signal: AbortSignal): Promise<number> {
  return workForPool({ client, node: mini, module: 'file:///none.mjs', setup: {}, workers: 1, onNote: () => undefined, signal })
}

it('a node that is told to end while its pool is away ends with no results', async () => {
  expect(await work(new PoolClient({ url: closed }), AbortSignal.timeout(100))).toBe(0)
})

it('a node that its pool forgot and that is told to end before it is known again ends too', async () => {
  const ending = new AbortController()
  class Forgetful extends PoolClient {
    private isKnown = false

    override async register(): Promise<Registered> {
      if (this.isKnown) {
        setTimeout(() => ending.abort(), 100)
        return super.register(mini)
      }
      this.isKnown = true
      return { node_id: 'a', heartbeat_ms: 10, lease_ms: 30 }
    }

    override async heartbeat(): Promise<unknown> {
      throw new PoolError(404, 'unknown')
    }
  }
  expect(await work(new Forgetful({ url: closed }), ending.signal)).toBe(0)
})

it('a client waits for a result no longer than it was told, also where no answer or no connection comes', async () => {
  const silent = createServer(socket => void socket.on('error', () => undefined).resume())
  await new Promise<void>(resolve => void silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as { port: number }
  const client = new PoolClient({ url: `http://127.0.0.1:${port}` })
  const waits = Promise.allSettled(Array.from({ length: 70 }, (_, i) => client.waitForResult(`task-${i}`, 300)))
  // An answer may take ten seconds and more.
  const ends = await Promise.race([waits, new Promise<[]>(resolve => setTimeout(resolve, 8_000, []))])
  expect(ends.map(end => end.status === 'rejected' && String(end.reason))).toEqual(
    Array.from({ length: 70 }, (_, i) => expect.stringContaining(`task-${i} was not over within 300 ms`)),
  )
})
