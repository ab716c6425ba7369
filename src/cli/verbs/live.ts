/** `mycelia live`: the same agents on Kraken's market, with paper money, everything journalled. */

import { type Command, Option } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { KeepJournal } from '../../storage/index.js'
import type { LiveResult, MemoryChoice } from '../../world/index.js'
import { serveLiveApi } from '../api/live-api.js'
import { tokenIn } from '../api/place.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { serveLiveMetrics } from '../live-metrics.js'
import { liveView } from '../live-view.js'
import { type NetOptions, netFeeds } from '../net-feeds.js'
import { assignments, list, parameterFile, place, port, profiles, span, wholeNumber, yamlMap } from '../options.js'
import { runsRoot } from '../runs-root.js'
import type { LiveViewer } from '../watch/live-viewer.js'
import { onlyWithWatch } from '../watch/only-with-watch.js'

interface Options extends NetOptions {
  redis?: string
  memory?: MemoryChoice
  knowledge?: string
  seed?: number
  timeframe?: string
  for?: number
  pairs?: string[]
  instruments?: Record<string, unknown>
  set?: Record<string, unknown>
  config?: string
  fromRun?: string
  profile?: unknown[]
  allowLosingTarget?: boolean
  agents?: string
  out?: string
  keepJournal?: KeepJournal
  metrics?: number
  api?: number
  listen?: string
  watch?: boolean
  port?: number
  json?: boolean
  quiet?: boolean
}

const examples = `
Examples:
  mycelia live trifecta --for 10m
  mycelia live --from-run runs/trifecta/latest --timeframe 1m --out runs/live-1
  mycelia live --out runs/live-1                (the same directory again: continues where it stopped)
  mycelia live nettrace --probe api.kraken.com --vantage home --set 'vantages=[home, far]' --collect 9467
  mycelia live trifecta --redis redis://127.0.0.1:6379 --out runs/split --agents DataMiner,Trading,RiskManagement

No order is ever sent: fills are on paper, at Kraken's public prices. "mycelia status", "mycelia halt" and
"mycelia resume-trading" speak to a run that is under way; "mycelia replay" decides it all again.
`

export function liveVerb(program: Command, io: Io): void {
  program
    .command('live')
    .summary("trade on paper on Kraken's market")
    .description('Runs a trading scenario on live public data with paper money. SIGTERM and Ctrl-C stop it at a checkpoint.')
    .argument('[scenario]', 'a name that ships, or a .ts or .js file; left out with --from-run, or to continue the run in --out')
    .option('--redis <url>', 'where Redis is (default: REDIS_URL or REDIS_HOST; else none)')
    .option('--seed <n>', 'root of all chance (default: 1)', wholeNumber('--seed', 0))
    .option('--timeframe <bar>', 'the bar, e.g. 1m, 5m, 1h (default: 1m)')
    .option('--for <time>', 'how long, e.g. 10m, 24h (default: until stopped)', span('--for'))
    .option('--pairs <list>', 'pairs, with commas between', list('--pairs'))
    .option(
      '--instruments <file>',
      'instruments of your own, from a YAML file',
      yamlMap('--instruments', 'XRPUSD: { tickSize: 0.00001 }'),
    )
    .option('--set <name=value>', 'a parameter, its value as YAML; may be repeated', assignments('--set'))
    .option('--config <file>', 'parameters from a YAML file; --set overrides it')
    .option('--from-run <folder>', 'begin with the experienced swarm of this simulated run', place('--from-run'))
    .option(
      '--knowledge <folder>',
      'begin with what the run in this directory learnt: past trades and approved patterns',
      place('--knowledge'),
    )
    .addOption(
      new Option(
        '--memory <kind>',
        'what is asked about ideas (default: MYCELIA_MEMORY, else Chroma where one answers at CHROMA_URL)',
      ).choices(['auto', 'embedded', 'chroma']),
    )
    .option('--agents <list>', 'the agents of this process, e.g. DataMiner,PatternLearner:0/2 (default: all)')
    .option(
      '--profile <names>',
      'limits: haven, micro, floor, spot, user, or a YAML file of your own; with commas: the strictest',
      profiles,
    )
    .option('--allow-losing-target', 'run although a profile’s target does not pay for entry and exit')
    .option('--out <folder>', 'the run directory; one that holds a live run is gone on with', place('--out'))
    .option(
      '--keep-journal <limits>',
      'how much of the journal is kept, e.g. 30d, 5GB, 30d,5GB or all (default: 90d,20GB); a replay proves what is kept',
      keptJournal,
    )
    .option('--metrics <port>', 'serve /metrics for Prometheus on this port of the loopback', port('--metrics'))
    .option(
      '--api <port>',
      'serve /api/status, positions, trades and decisions as JSON on this port of the loopback',
      port('--api'),
    )
    .option('--listen <address>', 'serve these on this address instead; needs MYCELIA_API_TOKEN')
    .option('--watch', 'show the run in the browser; the page may halt, close and lock, as the operator’s verbs do')
    .option('--port <port>', 'with --watch: the port of the loopback (default: 9466; 0: any)', port('--port'))
    .option('--probe <hosts>', 'latency signals: trace the routes to these hosts, at most 16', list('--probe'))
    .option('--every <seconds>', 'time between two scans of a host (default: 120, at least 60)', wholeNumber('--every', 60))
    .option('--mtr', 'probe by mtr instead of traceroute')
    .option('--tcp', 'probe port 443 by TCP, which firewalls let pass (traceroute, as root)')
    .option('--vantage <name>', 'name of this vantage point, one of the parameter vantages (default: the name of this machine)')
    .option(
      '--collect <port>',
      'take scans and signals of other places at POST /api/v1/scans and /api/v1/signals; every one carries NETTRACE_API_KEY',
      port('--collect'),
    )
    .option(
      '--incidents <hosts>',
      'read the status pages of these exchanges, or host=https://… for another page',
      list('--incidents'),
    )
    .option('--tickers', 'read the prices at Coinbase Exchange, beside those that are traded on')
    .option('--atlas <ids>', 'take the routes of these public measurements of RIPE Atlas as scans', list('--atlas'))
    .option('--bgp <prefixes>', 'write down changes of the routes to these prefixes, as RIPE RIS sees them', list('--bgp'))
    .option('--json', 'print one JSON object as the last line of standard output')
    .option('--quiet', 'say nothing but errors (and the object of --json)')
    .addHelpText('after', examples)
    .action((scenario: string | undefined, options: Options) => liveAction(scenario, options, io))
}

async function liveAction(scenario: string | undefined, options: Options, io: Io): Promise<void> {
  onlyWithWatch(options)
  const { live, Interrupted } = await import('../../world/index.js')
  const { heartOf } = await import('../heartbeat.js')
  const {
    json,
    quiet,
    set,
    config,
    for: forMs,
    metrics: metricsPort,
    api: apiPort,
    listen,
    watch,
    port: watchPort,
    probe,
    every,
    mtr,
    tcp,
    vantage,
    collect,
    incidents,
    tickers,
    atlas,
    bgp,
    ...request
  } = options
  const params = { ...(config === undefined ? {} : parameterFile(config)), ...set }
  const view = quiet ? undefined : liveView(io)
  const place = { listen, token: tokenIn(process.env) }
  const note = (sentence: string) => quiet || view?.note(sentence)
  const servers: Server[] = []
  const heart = heartOf(process)
  const opened = <S extends Server>(server: S): S => {
    servers.push(server)
    return server
  }
  try {
    const network = opened(
      await netFeeds(
        { probe, every, mtr, tcp, vantage, collect, incidents, tickers, atlas, bgp },
        { listen, env: process.env, note },
      ),
    )
    if (network.collectorUrl !== undefined && !quiet) io.err(`Scans and signals are taken at ${network.collectorUrl}/api/v1\n`)
    const api = apiPort === undefined ? undefined : opened(await serveLiveApi({ ...place, port: apiPort, option: 'api' }, note))
    if (api !== undefined && !quiet) io.err(`REST view at ${api.url}/api/status\n`)
    const metrics = metricsPort === undefined ? undefined : opened(await serveLiveMetrics(metricsPort, place))
    if (metrics !== undefined && !quiet) io.err(`Metrics at ${metrics.url}\n`)
    const viewer = watch === true ? opened(await serveLiveViewer({ port: watchPort, listen }, io)) : undefined
    const { noticesOf } = await import('../notices.js')
    const notify = noticesOf(process.env, (line, severity) => (severity === 'P0' || severity === 'P1') && note(line))
    let stoppedBy = ''
    const result = await interruptible(io, async signal => {
      try {
        return await live({
          scenario,
          ...request,
          params,
          forMs,
          root: runsRoot(),
          signal,
          onStatus: status => {
            view?.show(status)
            heart?.show(status)
            metrics?.show(status)
            api?.show(status.runDir)
            viewer?.show(status)
          },
          onCommitted: metrics?.committed,
          watch: viewer?.watch,
          feeds: network.feeds,
          notify,
          onNote: note,
        })
      } finally {
        if (signal.aborted) stoppedBy = String(signal.reason)
        view?.stop()
      }
    })
    if (!json && !quiet) io.out(await summaryOf(result))
    if (json) io.out(`${JSON.stringify(result)}\n`)
    if (stoppedBy === 'SIGINT') throw new Interrupted(stoppedBy, result.steps, result.runDir, 'live')
  } finally {
    // Where one of them could not be opened, those that were would keep the process.
    heart?.stop()
    for (const server of servers.reverse()) await server.close()
  }
}

/** What is served beside a run. */
interface Server {
  close(): Promise<void>
}

async function serveLiveViewer(place: { port: number | undefined; listen: string | undefined }, io: Io): Promise<LiveViewer> {
  const { openViewer } = await import('../watch/viewer.js')
  const { LiveViewer } = await import('../watch/live-viewer.js')
  const { server, url } = await openViewer({ ...place, option: 'port', onNote: sentence => io.err(`${sentence}\n`) })
  io.err(`Watch the run at ${url}\n`)
  return new LiveViewer(server, note => io.err(`${note}\n`))
}

async function summaryOf(result: LiveResult): Promise<string> {
  const { approvedIn, runSummary } = await import('../run-summary.js')
  return runSummary(result, await approvedIn(result), undefined)
}

/** `30d,5GB` or `all`. */
function keptJournal(text: string): KeepJournal {
  const all = { days: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }
  if (text === 'all') return all
  const limits = text.split(',').map(part => /^(\d+(?:\.\d+)?)\s*(d|MB|GB)$/.exec(part.trim()))
  if (limits.some(found => found === null)) {
    const next = 'Try --keep-journal 30d,5GB.'
    throw new OperatorError({ what: '--keep-journal', expected: 'days, a size, both, or all', got: text, next })
  }
  const named = limits.map(found => {
    const n = Number(found?.[1])
    return found?.[2] === 'd' ? { days: n } : { bytes: n * (found?.[2] === 'GB' ? 1e9 : 1e6) }
  })
  return Object.assign({}, ...named)
}
