/** `mycelia data fetch`: Kraken's candles into a folder that `--market` reads. */

import type { Command } from 'commander'
import { defaultPairs } from '../../market/index.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { instant, list } from '../options.js'
import { grouped, leftColumns } from '../text.js'

interface Options {
  into: string
  timeframe: string
  pairs?: string[]
  from?: number
  json?: boolean
}

export function fetchVerb(data: Command, io: Io): void {
  data
    .command('fetch')
    .summary('download candles from Kraken')
    .description(
      'Writes one file a pair in Kraken’s OHLCVT layout. Run again, it continues where it stopped. Without --from: the latest 720 bars; older ones are built from trades, which takes long.',
    )
    .requiredOption('--into <folder>', 'where to write')
    .option('--timeframe <bar>', 'the bar', '1h')
    .option('--pairs <list>', 'pairs, with commas between (default: all 18)', list('--pairs'))
    .option('--from <time>', 'first bar wanted', instant('--from'))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia data fetch --into candles/\n  mycelia data fetch --into candles/ --timeframe 5m --pairs XBTUSD,ETHUSD\n',
    )
    .action(async ({ json, pairs = [...defaultPairs], ...request }: Options) => {
      const { fetchFiles } = await import('../../world/index.js')
      let last = ''
      const onProgress = ({ pair, candles }: { pair: string; candles: number }) => {
        if (pair !== last) io.err(`${pair}: ${grouped(candles)} candles …\n`)
        last = pair
      }
      const fetched = await interruptible(io, signal => fetchFiles({ ...request, pairs, signal, onProgress }))
      if (json) return io.out(`${JSON.stringify(fetched)}\n`)
      io.out(
        leftColumns(
          Object.entries(fetched.candles).map(([pair, n]) => [pair, `${grouped(n)} new candles`, fetched.files[pair] ?? '']),
        ),
      )
      for (const { pair, reason } of fetched.missing) io.err(`${pair}: ${reason}\n`)
    })
}
