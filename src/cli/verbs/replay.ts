/** `mycelia replay`: replays a live run from its journal, and reports whether every decision is the same. */

import type { Command } from 'commander'
import { MyceliaError } from '../../core/index.js'
import type { ReplayResult } from '../../world/index.js'
import type { Io } from '../io.js'
import { grouped } from '../text.js'

export function replayVerb(program: Command, io: Io): void {
  program
    .command('replay')
    .summary('decide a live run again, and compare')
    .description(
      'Needs neither network nor Redis. Exit code 0 only when ideas, trades and digest agree, in every shard of the run.',
    )
    .argument('<run>', 'the directory of a live run')
    .option('--json', 'print one JSON object as the last line of standard output')
    .option('--quiet', 'say nothing but errors (and the object of --json)')
    .addHelpText('after', '\nExamples:\n  mycelia replay runs/trifecta/latest\n  mycelia replay runs/split --json\n')
    .action(async (run: string, { json, quiet }: { json?: boolean; quiet?: boolean }) => {
      const { replay } = await import('../../world/index.js')
      const result = await replay(run)
      if (!json && !quiet) io.out(agreement(result))
      if (json) io.out(`${JSON.stringify(result)}\n`)
      if (!result.agrees) throw new MyceliaError(`${differenceOf(result)} The replay differs from the run.`)
    })
}

function agreement({ agrees, replayed, digest, parts }: ReplayResult): string {
  const { ticks, facts, ideas, trades, halts } = replayed
  const what = `${grouped(ticks)} ticks, ${grouped(facts)} facts, ${grouped(ideas)} ideas, ${grouped(trades)} trades, ${halts} halts`
  const of = parts.length > 1 ? ` in ${parts.length} shards` : ''
  return `Replayed ${what}${of}: ${agrees ? 'all agree' : 'not all agree'}.\nDigest: ${digest}\n`
}

function differenceOf({ difference }: ReplayResult): string {
  if (difference === null) return ''
  const { tick, agent, what, part } = difference
  const where = tick === null ? 'At the end' : `At tick ${tick}`
  return `${where}${agent === null ? '' : `, ${agent}`}: ${what} (${part}).`
}
