/** `mycelia pool status`: nodes, tasks and capacity of a compute pool, once or on a page. */

import type { Command } from 'commander'
import type { PoolNodeInfo, PoolStatus } from '../../pool/index.js'
import { tokenIn } from '../api/place.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { port } from '../options.js'
import { poolUrl } from '../pool-node.js'
import { duration, grouped, leftColumns } from '../text.js'
import { onlyWithWatch } from '../watch/only-with-watch.js'

interface Options {
  url?: string
  watch?: boolean
  port?: number
  open?: boolean
  json?: boolean
}

const examples = `
Examples:
  mycelia pool status
  mycelia pool status --json
  mycelia pool status --watch

POOL_URL stands for --url. MYCELIA_API_TOKEN goes to the pool as a bearer token.
`

export function poolStatusVerb(pool: Command, io: Io): void {
  pool
    .command('status')
    .summary('how a pool is doing')
    .description('Shows the nodes of a pool, its tasks by what became of them, and what it can still take.')
    .option('--url <url>', 'the pool (default: POOL_URL, or http://127.0.0.1:9090)')
    .option('--watch', 'show nodes and tasks in a browser until Ctrl-C')
    .option('--port <port>', 'the port of the page (default: 9466)', port('--port'))
    .option('--open', 'open the page in the browser')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action(async ({ json, watch, open, ...options }: Options) => {
      onlyWithWatch({ watch: watch === true, ...(options.port !== undefined && { port: options.port }) })
      const { PoolClient } = await import('../../pool/index.js')
      const url = poolUrl(options.url)
      const client = new PoolClient({ url, token: tokenIn(process.env) })
      const [status, nodes] = await Promise.all([client.status(), client.nodes()])
      if (!watch) return io.out(json ? `${JSON.stringify({ url, ...status, all: nodes })}\n` : statusText(status, nodes))
      const { PoolPage } = await import('../watch/pool-page.js')
      const { showTables } = await import('../watch/tables.js')
      const page = new PoolPage(client, url)
      await page.read()
      await interruptible(io, signal => showTables(page, { port: options.port, open }, io, signal), 'Ending.\n')
    })
}

function statusText({ nodes, tasks, capacity }: PoolStatus, all: readonly PoolNodeInfo[]): string {
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, n]) => `${grouped(n)} ${name}`)
      .join(', ')
  const lines = [
    ['nodes', counts(nodes)],
    ['tasks', counts(tasks)],
    ['capacity', `${capacity.memory_gb} GB, ${grouped(capacity.queue_free)} tasks until the queue is full`],
    ['nodes with', counts(capacity.frameworks) || 'no framework'],
  ]
  const heard = ({ heartbeat_at }: PoolNodeInfo) =>
    heartbeat_at === null ? 'never heard' : `heard ${duration(Date.now() - heartbeat_at)} ago`
  const rows = all.map(node => [node.name, node.node_id, node.status, heard(node), node.frameworks.join(', ')])
  return leftColumns(lines) + leftColumns(rows)
}
