/** `mycelia scan`: traces the routes to hosts that are named, once or at a cadence, and prints or sends what it finds. */

import { hostname } from 'node:os'
import type { Command } from 'commander'
import { MyceliaError, OperatorError } from '../../core/index.js'
import type { NetScan } from '../../market/index.js'
import { untilInterrupted } from '../interrupts.js'
import type { Io } from '../io.js'
import { wholeNumber } from '../options.js'
import { leftColumns, messageOf } from '../text.js'

interface Options {
  every?: number
  once?: boolean
  post?: string
  mtr?: boolean
  tcp?: boolean
  vantage?: string
  json?: boolean
}

const examples = `
Examples:
  mycelia scan api.kraken.com --once
  mycelia scan api.kraken.com api.coinbase.com --every 120 --json
  mycelia scan api.kraken.com --every 300 --post http://127.0.0.1:9465/api/v1/scans

NETTRACE_API_KEY goes to the collector as a bearer token. No host is probed that is not named.
`

export function scanVerb(program: Command, io: Io): void {
  program
    .command('scan')
    .summary('trace the routes to hosts, and print or send them')
    .description(
      'Needs traceroute or mtr. Scans that may not be believed are left out and counted by reason. Ends after one round with --once, else at Ctrl-C.',
    )
    .argument('<hosts...>', 'names or addresses of hosts, at most 16')
    .option('--every <seconds>', 'time between two scans of a host (default: 120, at least 60)', wholeNumber('--every', 1))
    .option('--once', 'one scan of each host')
    .option('--post <url>', 'send each scan to a collector')
    .option('--mtr', 'probe by mtr instead of traceroute')
    .option('--tcp', 'probe port 443 by TCP, which firewalls let pass (traceroute, as root)')
    .option('--vantage <name>', 'name of this vantage point (default: the name of this machine)')
    .option('--json', 'print one JSON object a scan')
    .addHelpText('after', examples)
    .action(async (hosts: string[], options: Options) => {
      if (options.tcp === true && options.mtr === true) throw notTogether('--tcp', '--mtr')
      if (options.once === true && options.every !== undefined) throw notTogether('--every', '--once')
      const { collectorUrl, postScan, scanBody, scanHosts, systemClock } = await import('../../feed/index.js')
      const url = options.post === undefined ? undefined : collectorUrl(options.post)
      const token = process.env.NETTRACE_API_KEY || undefined
      let unsent = 0
      const onScan = async (scan: NetScan) => {
        io.out(options.json ? `${JSON.stringify(scanBody(scan))}\n` : scanText(scan))
        if (url === undefined) return
        try {
          await postScan(url, scan, token)
        } catch (error) {
          unsent++
          io.err(`Not sent: ${messageOf(error)}\n`)
        }
      }
      const ending = new AbortController()
      void untilInterrupted().then(() => ending.abort())
      const counts = await scanHosts({
        hosts,
        program: options.mtr ? 'mtr' : 'traceroute',
        tcp: options.tcp,
        vantage: options.vantage ?? hostname(),
        clock: systemClock(),
        every: options.once ? undefined : (options.every ?? 120),
        signal: ending.signal,
        onScan,
        onFailure: (host, error) => io.err(`${host}: ${messageOf(error)}\n`),
      })
      const left = Object.entries(counts.rejected).map(([reason, n]) => `${n} ${reason}`)
      if (left.length > 0) io.err(`Left out: ${left.join(', ')}.\n`)
      if (unsent > 0) throw new MyceliaError(`${unsent} of ${counts.taken} scans were not taken by the collector.`)
      if (counts.taken === 0 && counts.failed > 0) throw new MyceliaError('No host could be probed.')
    })
}

function scanText({ host, hops, probesMs }: NetScan): string {
  const ms = (rtt: number | null) => (rtt === null ? '*' : `${rtt.toFixed(1)} ms`)
  const rows = hops.map(({ ttl, address, rttMs }) => [`  ${ttl}`, address ?? '*', ms(rttMs)])
  return `${host}: ${probesMs.map(ms).join(', ')}\n${leftColumns(rows)}\n`
}

function notTogether(one: string, other: string): OperatorError {
  return new OperatorError({ what: one, expected: `no ${other} beside it`, next: 'Leave one of them out.' })
}
