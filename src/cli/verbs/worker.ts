/** `mycelia worker`: makes runs for sweeps that wait in Redis. */

import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { span, wholeNumber } from '../options.js'
import { grouped } from '../text.js'

interface Options {
  redis?: string
  workers?: number
  lease?: number
}

const standardLeaseMs = 30_000

export function workerVerb(program: Command, io: Io): void {
  program
    .command('worker')
    .summary('make runs of sweeps that wait in Redis')
    .description(
      'Makes runs for mycelia sweep --engine bullmq, on any machine that reaches the same Redis and has the same scenario. Ctrl-C ends it after the runs at hand; a run whose worker dies is made by another.',
    )
    .option('--redis <url>', 'where Redis is (default: REDIS_URL, or this machine)')
    .option('--workers <n>', 'threads (default: one a core)', wholeNumber('--workers', 1))
    .option('--lease <time>', 'a worker that is silent for so long is taken for dead, e.g. 10s (default: 30s)', span('--lease'))
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia worker --redis redis://queue.lab:6379\n  mycelia worker --workers 4 --lease 10s\n',
    )
    .action(async ({ redis, workers = availableParallelism(), lease = standardLeaseMs }: Options) => {
      const { builtHandlers } = await import('../../experiment/index.js')
      const { serveQueue } = await import('../../pool/index.js')
      const onNote = (note: string) => io.err(`${note}\n`)
      const made = await interruptible(
        io,
        signal => serveQueue({ redis, module: builtHandlers(), workers, leaseMs: lease, onNote, signal }),
        'Ending after the runs at hand; once more ends at once.\n',
      )
      io.err(`${grouped(made)} runs made.\n`)
    })
}
