/** `mycelia pool`: a service that hands tasks to machines over HTTP, the machines, and how they are doing. */

import type { Command } from 'commander'
import type { Io } from '../io.js'
import { poolServeVerb } from './pool-serve.js'
import { poolStatusVerb } from './pool-status.js'
import { poolWorkVerb } from './pool-work.js'

export function poolVerb(program: Command, io: Io): void {
  const pool = program
    .command('pool')
    .summary('hand tasks to many machines over HTTP')
    .description('Serves a pool of machines, works in one, and tells how one is doing. A machine joins with nothing but HTTP.')
  poolServeVerb(pool, io)
  poolWorkVerb(pool, io)
  poolStatusVerb(pool, io)
}
