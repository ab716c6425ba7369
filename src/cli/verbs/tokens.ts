/** `mycelia tokens`: launched tokens outside of a simulated world: fetched from public sources, decided on, and traded on paper. */

import { type Command, Option } from 'commander'
import type { LiveTokensRequest, LiveTokensResult, TokenPolicyRequest } from '../../world/index.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { assignments, list, place, span, wholeNumber } from '../options.js'
import { progressView } from '../progress.js'
import { grouped, leftColumns, percent } from '../text.js'
import { filesVerbs } from './tokens-files.js'

type FetchRequest = NonNullable<LiveTokensRequest['fetch']>

interface PolicyOptions extends Pick<TokenPolicyRequest, 'rules' | 'catalog'> {
  set?: Record<string, unknown>
}

interface FetchOptions extends Omit<FetchRequest, 'mints' | 'deepSeek'> {
  mints: string[]
  scorer?: 'deepseek'
  cash?: number
}

interface TimeOptions {
  every?: number
  after?: number
  for?: number
  json?: boolean
}

const fetchExample = '--mints So11111111111111111111111111111111111111112 --preferences user_preferences.csv'

export function tokensVerb(program: Command, io: Io): void {
  const tokens = program
    .command('tokens')
    .summary('fetch launched tokens, decide on them, and trade on paper')
    .description(
      'Works on an archive: a folder with snapshots of users and tokens, and with everything that was decided on them. Tokens come from public sources without a key, read only. Nothing is ever signed, and no transaction is sent.',
    )
  const fetch = timed(fetching(tokens.command('fetch')))
    .summary('fetch snapshots into an archive')
    .description(
      'Asks DexScreener, GeckoTerminal, a public node of Solana and feeds of news about tokens, and a service or a file about users.',
    )
    .addHelpText(
      'after',
      `\nExamples:\n  mycelia tokens fetch archive/ ${fetchExample}\n  mycelia tokens fetch archive/ --mints … --users alice,bob --user-api https://users.example --every 20m --for 24h\n`,
    )
  fetch.action((archive: string, options: FetchOptions & TimeOptions) =>
    liveAction({ archive, fetch: fetchOf(options) }, options, io),
  )
  timed(deciding(tokens.command('trade')))
    .summary('decide on each new fetch, and trade on paper')
    .description('Decides five minutes after each fetch of another process, by the decision graph, under limits and consent.')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia tokens trade archive/ --rules rules.csv --for 24h\n  mycelia tokens trade archive/ --set minConfidence=0.6 --set openPositions=3\n',
    )
    .action((archive: string, options: PolicyOptions & TimeOptions) =>
      liveAction({ archive, trade: policyOf(options) }, options, io),
    )
  timed(deciding(fetching(tokens.command('live'))))
    .summary('both: fetch every twenty minutes, decide five minutes later')
    .description('Fetches and trades in one process, with paper money, until it is stopped or the time is over.')
    .addHelpText('after', `\nExamples:\n  mycelia tokens live archive/ ${fetchExample} --for 24h\n`)
    .action((archive: string, options: FetchOptions & PolicyOptions & TimeOptions) =>
      liveAction({ archive, fetch: fetchOf(options), trade: policyOf(options) }, options, io),
    )
  decideVerb(tokens, io)
  filesVerbs(tokens, io)
}

/** The archive, and what is fetched into it. */
function fetching(command: Command): Command {
  return command
    .argument('<archive>', 'a folder; made where it is not there')
    .requiredOption('--mints <list>', 'tokens, by their mints, with commas between', list('--mints'))
    .option('--users <list>', 'users of the service, with commas between', list('--users'))
    .option('--user-api <url>', 'a service that answers GET /users/data/<id>; MYCELIA_USER_API_TOKEN is sent to it')
    .option(
      '--preferences <file>',
      'user_preferences.csv: user_id, profile, base_size_sol, category, from, until, source',
      place('--preferences'),
    )
    .option('--cash <sol>', 'paper money of users without a service, SOL (default: 10)', wholeNumber('--cash', 1))
    .option('--rss <list>', 'feeds of news, RSS or Atom, with commas between', list('--rss'))
    .option('--social <url>', 'a service that answers GET /<mint> with how often a token was named')
    .addOption(
      new Option('--scorer <name>', 'who scores headlines; deepseek needs DEEPSEEK_API_KEY (default: all are neutral)').choices([
        'deepseek',
      ]),
    )
}

/** By what is decided. */
function deciding(command: Command): Command {
  if (command.registeredArguments.length === 0) command.argument('<archive>', 'the folder of an archive')
  return command
    .option('--rules <file>', 'rules.csv: id, priority, when, action, value, until', place('--rules'))
    .option(
      '--catalog <file>',
      'token-strategy-catalog.csv: token_mint, strategy, stage, risk, creator_reputation, list',
      place('--catalog'),
    )
    .option('--set <name=value>', 'a limit or threshold, e.g. minConfidence=0.6; may be repeated', assignments('--set'))
}

function timed(command: Command): Command {
  return command
    .option('--every <time>', 'time between two fetches (default: 20m)', span('--every'))
    .option('--after <time>', 'time from a fetch to its decisions (default: 5m)', span('--after'))
    .option('--for <time>', 'how long (default: one fetch, or one cycle)', span('--for'))
    .option('--json', 'print one JSON object')
}

function fetchOf({ mints, users, userApi, preferences, cash, rss, social, scorer }: FetchOptions): FetchRequest {
  return { mints, users, userApi, preferences, cashSol: cash, rss, social, deepSeek: scorer === 'deepseek' }
}

function policyOf({ rules, catalog, set }: PolicyOptions): TokenPolicyRequest {
  return { rules, catalog, params: set }
}

async function liveAction(request: LiveTokensRequest, { every, after, for: forMs, json }: TimeOptions, io: Io): Promise<void> {
  const { liveTokens } = await import('../../world/index.js')
  const onNote = (note: string) => io.err(`${note}\n`)
  const times = { everyMs: every, afterMs: after, forMs }
  const result = await interruptible(
    io,
    signal => liveTokens({ ...request, ...times, signal, onNote }),
    'Stopping; once more stops at once.\n',
  )
  io.out(json ? `${JSON.stringify(result)}\n` : liveText(result))
}

function liveText({ fetches, snapshots, cycles, decisions, fills, skips, equitySol, counters }: LiveTokensResult): string {
  const lines = [
    ['fetches', grouped(fetches), `${grouped(snapshots)} snapshots`],
    ['cycles', grouped(cycles), `${grouped(decisions)} decisions at the gate or leaving, ${grouped(fills)} paper fills`],
    ...(equitySol === null ? [] : [['equity', `${equitySol.toFixed(4)} SOL`, 'on paper, simulated']]),
    ...Object.entries(skips).map(([reason, n]) => ['skipped', grouped(n), reason]),
    ...Object.entries(counters)
      .filter(([name, n]) => n > 0 && !name.endsWith('.requests'))
      .map(([name, n]) => ['not given', grouped(n), name]),
  ]
  return leftColumns(lines)
}

interface DecideOptions extends PolicyOptions {
  series?: string
  news?: string
  past?: string
  after?: number
  trades?: string
  json?: boolean
}

function decideVerb(tokens: Command, io: Io): void {
  deciding(tokens.command('decide'))
    .summary('decide on an archive as if it were then')
    .description(
      'Runs the decision graph over all snapshots of an archive in the order of their times, with prices and news of files where they are given, and says what paper trading would have come to. The archive is only read.',
    )
    .option('--series <file>', 'time-series.csv: time, token_mint, price, volume; SOL', place('--series'))
    .option('--news <file>', 'news_signals.csv: time, token_mint, mood, title, source', place('--news'))
    .option('--past <file>', 'historical_trades.csv of the user, to compare with', place('--past'))
    .option('--after <time>', 'time from a fetch to its decisions (default: 5m)', span('--after'))
    .option('--trades <file>', 'write historical_trades.csv; a file that is not there yet', place('--trades'))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia tokens decide archive/ --series time-series.csv\n  mycelia tokens decide archive/ --rules rules.csv --set minConfidence=0.5 --trades historical_trades.csv\n',
    )
    .action(async (archive: string, { set, after, trades, json, ...files }: DecideOptions) => {
      const { decideArchive } = await import('../../world/index.js')
      const view = progressView(io, 'tick')
      const from = performance.now()
      const onProgress = (step: number, of: number) => view.show({ step, of, done: step, elapsedMs: performance.now() - from })
      const { fills, ...result } = decideArchive({ archive, ...files, params: set, afterMs: after, onProgress })
      view.stop()
      if (trades !== undefined) {
        const { writeHistoricalTrades } = await import('../../storage/index.js')
        writeHistoricalTrades(fills, trades)
      }
      io.out(json ? `${JSON.stringify(result)}\n` : decideText(result))
    })
}

type Decided = Omit<Awaited<ReturnType<typeof import('../../world/index.js')['decideArchive']>>, 'fills'>

function decideText({
  cycles,
  trades,
  open,
  sharpe,
  tradeSharpe,
  maxDrawdown,
  winRate,
  meanPnlSol,
  equitySol,
  startSol,
  skips,
  why,
  past,
}: Decided): string {
  const figure = (value: number | null, shown: (x: number) => string, reason = 'not known') =>
    value === null ? `– (${reason})` : shown(value)
  const two = (x: number) => x.toFixed(2)
  return leftColumns([
    ['cycles', grouped(cycles)],
    ['trades', `${grouped(trades)} ended, ${grouped(open)} open`],
    ['Sharpe', figure(sharpe, two, why.sharpe)],
    ['Sharpe of trades', figure(tradeSharpe, two, 'fewer than two')],
    ['largest drawdown', figure(maxDrawdown, x => percent(x))],
    ['win rate', figure(winRate, x => percent(x), why.winRate)],
    ['mean P&L', figure(meanPnlSol, x => `${x.toFixed(6)} SOL`, why.winRate)],
    ...(past === null ? [] : [['past trades', pastText(past)]]),
    ['equity', `${equitySol.toFixed(4)} SOL of ${startSol.toFixed(4)}, simulated`],
    ...Object.entries(skips).map(([reason, n]) => [`skipped: ${reason}`, grouped(n)]),
  ])
}

function pastText({ trades, winRate, meanPnlSol }: NonNullable<Decided['past']>): string {
  if (winRate === null || meanPnlSol === null) return 'none has ended'
  return `${grouped(trades)} ended, win rate ${percent(winRate)}, mean P&L ${meanPnlSol.toFixed(6)} SOL`
}
