/** `mycelia pool work`: makes tasks for a compute pool. */

import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { tokenIn } from '../api/place.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { port, wholeNumber } from '../options.js'
import { nodeHere, notePool, poolHandlers, poolUrl } from '../pool-node.js'
import { grouped } from '../text.js'

interface Options {
  url?: string
  name?: string
  port?: number
  workers?: number
  run?: string
  handlers?: string
  json?: boolean
}

const standardPort = 9_091

const examples = `
Examples:
  mycelia pool work
  mycelia pool work --url http://pool.lab:9090 --workers 4 --run runs/nettrace/latest
  mycelia pool work --handlers mine.mjs

POOL_URL stands for --url. MYCELIA_API_TOKEN goes to the pool as a bearer token.
A module of your own exports "handlers": by task type, a function that is made ready once and returns the function that makes a task.
`

export function poolWorkVerb(pool: Command, io: Io): void {
  pool
    .command('work')
    .summary('make tasks for a pool')
    .description(
      'Checks what this machine can compute with (js, wasm, onnx) and how long that takes, registers it with the pool and makes tasks. Ctrl-C ends it after the tasks at hand; a task whose machine dies is made by another.',
    )
    .option('--url <url>', 'the pool (default: POOL_URL, or http://127.0.0.1:9090)')
    .option('--name <name>', 'the name of this machine in the pool (default: its host name)')
    .option('--port <port>', `recorded, and never dialled (default: ${standardPort})`, port('--port'))
    .option('--workers <n>', 'threads (default: one a core)', wholeNumber('--workers', 1))
    .option('--run <dir>', 'the run of nettrace whose signals it answers from')
    .option('--handlers <file>', 'a JavaScript module that exports `handlers` (default: those of latency)')
    .option('--json', 'print one JSON object when it has registered, and one at its end')
    .addHelpText('after', examples)
    .action(async ({ workers = availableParallelism(), ...options }: Options) => {
      const { PoolClient } = await import('../../pool/index.js')
      const url = poolUrl(options.url)
      const client = new PoolClient({ url, token: tokenIn(process.env) })
      const handlers = await poolHandlers(options.handlers)
      const node = await nodeHere(io, handlers, { name: options.name, port: options.port ?? standardPort })
      const accepted = await interruptible(
        io,
        signal =>
          notePool(io, {
            client,
            node,
            workers,
            module: handlers.module,
            setup: { run: options.run },
            signal,
            onRegistered: ({ node_id }) => {
              if (options.json) io.out(`${JSON.stringify({ node_id, ...node })}\n`)
              io.err(`${workers} ${workers === 1 ? 'thread waits' : 'threads wait'} for tasks from ${url}.\n`)
            },
          }),
        'Ending after the tasks at hand; once more ends at once.\n',
      )
      if (options.json) io.out(`${JSON.stringify({ accepted })}\n`)
      io.err(`${grouped(accepted)} results accepted.\n`)
    })
}
