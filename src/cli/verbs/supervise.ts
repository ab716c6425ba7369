/** `mycelia supervise`: keeps live runs alive, checks their health, and tells people. */

import type { Command } from 'commander'
import type { Io } from '../io.js'
import { place, port, yamlMap } from '../options.js'
import type { SuperviseOptions } from '../supervise.js'
import { superviseAckVerb, superviseStatusVerb } from './supervise-status.js'

const examples = `
Examples:
  mycelia supervise live:main=trifecta
  mycelia supervise live:main live:futures --config supervise.yaml --port 9468
  mycelia supervise --config supervise.yaml --print-unit > mycelia.service
  mycelia supervise status
  mycelia supervise ack "main crashLoop"

A child is live:NAME, and live:NAME=SCENARIO where its run is to begin; its run directory is runs/NAME unless the configuration
says otherwise. Ctrl-C and SIGTERM stop the children at a checkpoint.
`

export function superviseVerb(program: Command, io: Io): void {
  const supervise = program
    .command('supervise')
    .summary('keep live runs alive, and tell people')
    .description(
      'Runs live trading on paper in processes of its own, hears each every second, checks its health every minute, starts it again where it ended or hangs, lowers what it may do while something is wrong, and tells people.',
    )
    .argument('[children...]', 'live:NAME or live:NAME=SCENARIO (default: those of the configuration)')
    .option('--config <file>', 'children, intervals and thresholds from a YAML file', yamlMap('--config', 'checkMs: 60000'))
    .option('--out <folder>', 'where the supervisor keeps its record (default: runs/supervisor)', place('--out'))
    .option('--port <port>', 'serve the status page and /api/supervisor on this port of the loopback; 0: any', port('--port'))
    .option('--listen <address>', 'serve them on this address instead; needs MYCELIA_API_TOKEN')
    .option('--print-unit', 'print a unit of systemd that runs this command, and do nothing else')
    .option('--print-plist', 'the same for launchd')
    .option('--json', 'print the last status as one JSON object at the end')
    .option('--quiet', 'say nothing but errors (and the object of --json)')
    .addHelpText('after', examples)
    .action(async (children: string[], options: SuperviseOptions) => {
      const { supervise: begin } = await import('../supervise.js')
      await begin(children, options, io)
    })
  superviseStatusVerb(supervise, io)
  superviseAckVerb(supervise, io)
}
