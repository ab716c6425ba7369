/** A compute pool of a test: its server on a free port, a client, and requests as any program makes them. */

import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { PoolClient, type PoolServer, servePool } from '../../src/pool/index.js'
import { folder } from '../cli/mycelia.js'

export interface Served {
  readonly url: string
  readonly db: string
  readonly client: PoolClient
  readonly service: PoolServer['service']
  close(): Promise<void>
  /** A request as any program makes it: the status of the answer, and its JSON or text. */
  ask(path: string, body?: unknown, more?: RequestInit): Promise<{ status: number; answer: Record<string, unknown> }>
}

export async function serve({
  db = join(folder(), 'compute_pool.db'),
  leaseMs = 30_000,
  token,
  ...more
}: Partial<Parameters<typeof servePool>[0]> = {}): Promise<Served> {
  const server = await servePool({ port: 0, option: 'port', db, leaseMs, token, ...more })
  let isOpen = true
  const close = async () => {
    if (isOpen) await server.close()
    isOpen = false
  }
  onTestFinished(close)
  const { url } = server
  return {
    url,
    db,
    client: new PoolClient({ url, token }),
    service: server.service,
    close,
    async ask(path, body, init = {}) {
      const post = body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
      const response = await fetch(url + path, { ...post, ...init })
      const text = await response.text()
      return { status: response.status, answer: text.startsWith('{') ? JSON.parse(text) : { text } }
    },
  }
}

export const mini = { name: 'mini', host: 'mini.lab', port: 9091, memory_gb: 16, frameworks: ['js'] }
