/** `mycelia pool serve`: the service of a compute pool, with this machine as its first node. */

import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import { tokenIn } from '../api/place.js'
import { interruptible, untilAborted } from '../interrupts.js'
import type { Io } from '../io.js'
import { port, readable, span, wholeNumber, yaml } from '../options.js'
import { nodeHere, notePool, poolHandlers } from '../pool-node.js'

interface Options {
  port?: number
  listen?: string
  db?: string
  nodes?: string
  workers?: number
  lease?: number
  run?: string
  handlers?: string
  json?: boolean
}

const standard = { port: 9_090, db: 'compute_pool.db', leaseMs: 30_000 } as const

const examples = `
Examples:
  mycelia pool serve
  mycelia pool serve --workers 2 --run runs/nettrace/latest
  mycelia pool serve --nodes lab.yaml --db pool/compute_pool.db
  MYCELIA_API_TOKEN=secret mycelia pool serve --listen 0.0.0.0

POOL_PORT, POOL_HOST and DB_PATH stand for --port, --listen and --db; an address beyond the loopback needs the flag itself.
Where MYCELIA_API_TOKEN is set, every request must carry it: Authorization: Bearer TOKEN.
`

export function poolServeVerb(pool: Command, io: Io): void {
  pool
    .command('serve')
    .summary('serve a pool of machines')
    .description(
      'Takes tasks, hands each to a machine that may make it, and keeps what comes of it in one database file. Registers this machine, which works too, and the machines of a file. Runs until Ctrl-C.',
    )
    .option('--port <port>', `the port (default: POOL_PORT, or ${standard.port})`, port('--port'))
    .option('--listen <address>', 'another address than the loopback; needs MYCELIA_API_TOKEN')
    .option('--db <path>', `the record of the pool (default: DB_PATH, or ${standard.db})`)
    .option('--nodes <file>', 'a YAML list of machines to register: name, host, memory_gb, frameworks and so on')
    .option(
      '--workers <n>',
      'threads of this machine that make tasks; 0: none (default: one a core but one)',
      wholeNumber('--workers', 0),
    )
    .option('--lease <time>', 'a machine that is silent for so long loses its task (default: 30s)', span('--lease'))
    .option('--run <dir>', 'the run of nettrace whose signals this machine answers from')
    .option('--handlers <file>', 'a JavaScript module that exports `handlers` (default: those of latency)')
    .option('--json', 'print one JSON object when it serves')
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const { PoolClient, servePool } = await import('../../pool/index.js')
      const nodes = options.nodes === undefined ? [] : nodesIn(options.nodes)
      const token = tokenIn(process.env)
      const db = resolve(options.db ?? (process.env.DB_PATH || standard.db))
      const place = { port: options.port ?? portIn(process.env), option: 'port', listen: addressOf(options.listen, process.env) }
      const handlers = await poolHandlers(options.handlers)
      const server = await servePool({ ...place, token, db, leaseMs: options.lease ?? standard.leaseMs })
      try {
        for (const node of nodes) await server.service.register(node)
        const client = new PoolClient({ url: server.url, token })
        const node = await nodeHere(io, handlers, { port: Number(new URL(server.url).port) })
        const { node_id } = await server.service.register(node)
        if (options.json) io.out(`${JSON.stringify({ url: server.url, db, node_id })}\n`)
        io.err(`Pool at ${server.url}, its record in ${db}\n`)
        const workers = options.workers ?? Math.max(1, availableParallelism() - 1)
        await interruptible<unknown>(
          io,
          signal =>
            workers === 0
              ? untilAborted(signal)
              : notePool(io, { client, node, workers, module: handlers.module, setup: { run: options.run }, signal }),
          'Ending after the tasks at hand; once more ends at once.\n',
        )
      } finally {
        await server.close()
      }
    })
}

function portIn({ POOL_PORT }: NodeJS.ProcessEnv): number {
  return POOL_PORT ? port('POOL_PORT')(POOL_PORT) : standard.port
}

/** An address beyond the loopback is said at the command itself, not left over in an environment. */
function addressOf(flag: string | undefined, { POOL_HOST }: NodeJS.ProcessEnv): string | undefined {
  if (flag !== undefined || !POOL_HOST || /^(localhost|127(\.\d+){3}|::1)$/.test(POOL_HOST))
    return flag ?? (POOL_HOST || undefined)
  throw new OperatorError({
    what: `POOL_HOST ${POOL_HOST}`,
    expected: 'the flag --listen beside it, for an address beyond the loopback',
    got: 'none',
    next: `Add --listen ${POOL_HOST}, and set MYCELIA_API_TOKEN.`,
  })
}

function nodesIn(path: string): unknown[] {
  const content = yaml(`--nodes ${path}`, readable('--nodes', path))
  if (Array.isArray(content)) return content
  throw new OperatorError({
    what: `--nodes ${path}`,
    expected: 'a list',
    got: content,
    next: 'Try: - { name: mini, host: mini.lab }',
  })
}
