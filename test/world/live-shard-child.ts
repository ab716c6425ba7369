/** A live shard in a process of its own, against stand-ins: `mycelia live` for tests, with its request as JSON. */

import { writeSync } from 'node:fs'
import plantedSparse from '../../scenarios/planted-sparse.js'
import { type LiveRequest, live } from '../../src/world/index.js'

const request = JSON.parse(process.argv[2] ?? '') as LiveRequest
const say = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`)
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort('SIGTERM'))

live({
  ...request,
  scenario: plantedSparse,
  signal: stop.signal,
  onNote: note => say({ note }),
  onStatus: ({ state, step, ideas, collisions }) => say({ state, step, ideas, collisions }),
}).then(
  result => say({ result }),
  error => {
    say({
      failed:
        error instanceof Error
          ? `${error.message}\n${error.stack}\n${String(error.cause instanceof Error ? error.cause.stack : '')}`
          : String(error),
    })
    process.exitCode = 1
  },
)
