/** `mycelia serve`: the REST view of a live run, from a process of its own, while the run goes on and after it has ended. */

import type { Command } from 'commander'
import { tokenIn } from '../api/place.js'
import { untilInterrupted } from '../interrupts.js'
import type { Io } from '../io.js'
import { port } from '../options.js'
import { runsRoot } from '../runs-root.js'

const defaultPort = 9465

const examples = `
Examples:
  mycelia serve runs/live-1
  mycelia serve runs/live-1 --port 9465
  curl http://127.0.0.1:9465/api/trades?pair=SOLUSD

Where MYCELIA_API_TOKEN is set, every request must carry it: Authorization: Bearer TOKEN.
`

export function serveVerb(program: Command, io: Io): void {
  program
    .command('serve')
    .summary('serve what a live run tells, as JSON')
    .description(
      'Serves /api/status, /api/positions, /api/trades and /api/decisions of a live run, read from its files. It can only be read. Runs until Ctrl-C.',
    )
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .option('--port <port>', `the port of the loopback (default: ${defaultPort})`, port('--port'))
    .option('--listen <address>', 'another address; needs MYCELIA_API_TOKEN')
    .addHelpText('after', examples)
    .action(async (run: string | undefined, options: { port?: number; listen?: string }) => {
      const { liveRun } = await import('../../world/live/operations/index.js')
      const { serveApi } = await import('../api/serve.js')
      const path = liveRun(run, runsRoot())
      const place = { port: options.port ?? defaultPort, listen: options.listen, token: tokenIn(process.env), option: 'port' }
      const api = await serveApi(path, place)
      io.err(`REST view of ${path} at ${api.url}/api/status\n`)
      await untilInterrupted()
      await api.close()
    })
}
