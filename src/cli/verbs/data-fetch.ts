/** `mycelia data fetch`: candles of Kraken, or of another exchange, into a folder that `--market` reads. */

import type { Command } from 'commander'
import type { FetchProgress } from '../../feed/index.js'
import { formatTime } from '../../market/index.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { instant, list, place, yamlMap } from '../options.js'
import { grouped, leftColumns } from '../text.js'

interface Options {
  into: string
  timeframe: string
  exchange: string
  pairs?: string[]
  instruments?: Record<string, unknown>
  from?: number
  json?: boolean
}

export function fetchVerb(data: Command, io: Io): void {
  data
    .command('fetch')
    .summary('download candles from Kraken or another exchange')
    .description(
      'Writes one file a pair in Kraken’s OHLCVT layout. Run again, it continues where it stopped; an earlier --from puts older bars in front. Without --from: the latest 720 bars; older ones of Kraken are built from trades, which takes long. Only public data is asked for, without a key.',
    )
    .requiredOption('--into <folder>', 'where to write', place('--into'))
    .option('--exchange <name>', 'kraken, or another exchange by ccxt’s name: binance, coinbase, bybit, …', 'kraken')
    .option('--timeframe <bar>', 'the bar', '1h')
    .option('--pairs <list>', 'pairs, with commas between (default: all 18)', list('--pairs'))
    .option(
      '--instruments <file>',
      'instruments of your own, from a YAML file',
      yamlMap('--instruments', 'ETHBTC: { quote: BTC }'),
    )
    .option('--from <time>', 'first bar wanted', instant('--from'))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia data fetch --into candles/\n  mycelia data fetch --into candles/ --timeframe 5m --pairs XBTUSD,ETHUSD\n  mycelia data fetch --into candles/ --exchange binance --pairs BTCUSDT --from 2021-01-01\n',
    )
    .action(async ({ json, ...request }: Options) => {
      const { fetchFiles } = await import('../../world/index.js')
      const onProgress = progressLines(io)
      const fetched = await interruptible(io, signal => fetchFiles({ ...request, signal, onProgress }))
      if (json) return io.out(`${JSON.stringify(fetched)}\n`)
      io.out(
        leftColumns(
          Object.entries(fetched.candles).map(([pair, n]) => [pair, `${grouped(n)} new candles`, fetched.files[pair] ?? '']),
        ),
      )
      for (const { pair, reason } of fetched.missing) io.err(`${pair}: ${reason}\n`)
      for (const [reason, n] of refusals(fetched.counters)) io.err(`${grouped(n)} rows rejected: ${reason}.\n`)
    })
}

/** A line at the beginning of each pair, and after each tenth of the time that is wanted. */
function progressLines(io: Io): (progress: FetchProgress) => void {
  let last = ''
  return ({ pair, candles, upTo, share }) => {
    const tenths = `${pair} ${Math.floor(share * 10)}`
    if (tenths === last) return
    last = tenths
    io.err(`${pair}: ${grouped(candles)} candles, up to ${formatTime(upTo)}, ${Math.floor(share * 100)} %\n`)
  }
}

/** Rows that the exchange sent and no candle can be made of, by reason. */
function refusals(counters: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counters).flatMap(([name, n]) =>
    name.startsWith('rest.') ? [[name.slice(5), n] as [string, number]] : [],
  )
}
