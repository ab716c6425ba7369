/** `mycelia replay`: replays a live run from its journal or a simulated one from its inputs, and reports whether every decision is the same, and of how much of the run. */

import type { Command } from 'commander'
import { MyceliaError, OperatorError } from '../../core/index.js'
import type { ReplayRequest, ReplayResult } from '../../world/index.js'
import type { Io } from '../io.js'
import { instant } from '../options.js'
import { progressView } from '../progress.js'
import { grouped, percent } from '../text.js'
import { replaySimulated } from './replay-simulated.js'

interface Options {
  from?: NonNullable<ReplayRequest['from']>
  json?: boolean
  quiet?: boolean
}

export function replayVerb(program: Command, io: Io): void {
  program
    .command('replay')
    .alias('reproduce')
    .summary('make a run again, and compare')
    .description(
      'Needs neither network nor Redis. Exit code 0 only when every tick of the run was decided again, in every shard, and ideas, decisions, orders, fills, trades, cash, positions, halts and digest agree; with --from, when the part from there does. A simulated run is made again from its seed, with the inputs that it was given while it went on: 0 only when its digest and tables agree.',
    )
    .argument('<run>', 'the directory of a run')
    .option(
      '--from <place>',
      'begin there: a tick (1200), a step (step:90), or a time; what comes before is not proven',
      placeInRun,
    )
    .option('--json', 'print one JSON object as the last line of standard output')
    .option('--quiet', 'say nothing but errors (and the object of --json)')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia replay runs/trifecta/latest\n  mycelia reproduce runs/schelling/latest\n  mycelia replay runs/split --json\n  mycelia replay runs/live-1 --from 2026-03-01T00:00Z\n',
    )
    .action(async (run: string, { from, json, quiet }: Options) => {
      const { isSimulatedRun, replay } = await import('../../world/index.js')
      if (isSimulatedRun(run)) return replaySimulated(run, { from, json, quiet }, io)
      const view = json || quiet ? undefined : progressView(io, 'tick')
      const onProgress: ReplayRequest['onProgress'] = ({ ticks, of, elapsedMs }) =>
        view?.show({ step: ticks, of, done: ticks, elapsedMs })
      let result: ReplayResult
      try {
        result = await replay(run, { from, onProgress })
      } finally {
        view?.stop()
      }
      if (!json && !quiet) io.out(agreement(result))
      if (json) io.out(`${JSON.stringify(result)}\n`)
      const problem = problemOf(result, from !== undefined)
      if (problem !== undefined) throw new MyceliaError(problem)
    })
}

/** `1200`: a tick, `step:90`: a step, else a time. */
function placeInRun(text: string): NonNullable<ReplayRequest['from']> {
  if (/^\d{1,9}$/.test(text)) return { tick: Number(text) }
  const step = /^step:(\d{1,9})$/.exec(text)
  if (step !== null) return { step: Number(step[1]) }
  try {
    return { time: instant('--from')(text) }
  } catch {
    throw new OperatorError({
      what: '--from',
      expected: 'a tick, a step or a time',
      got: text,
      next: 'Try --from 1200, --from step:90 or --from 2026-03-01T00:00Z.',
    })
  }
}

function agreement({ verdict, replayed, ticks, share, digest, parts }: ReplayResult): string {
  const { facts, ideas, trades, halts } = replayed
  const what = `${grouped(facts)} facts, ${grouped(ideas)} ideas, ${grouped(trades)} trades, ${halts} halts`
  const of = parts.length > 1 ? ` in ${parts.length} shards` : ''
  const covered = `${grouped(replayed.ticks)} of ${grouped(ticks)} ticks (${shownShare(share)})`
  return `Replayed ${covered}, ${what}${of}: ${said[verdict]}.\nDigest: ${digest}\n`
}

const said: Readonly<Record<ReplayResult['verdict'], string>> = {
  agrees: 'all agree',
  partial: 'partial, and what was replayed agrees',
  nothing: 'nothing was compared',
  differs: 'not all agree',
}

/** A part is never shown as the whole. */
function shownShare(share: number): string {
  return percent(share < 1 ? Math.min(share, 0.9999) : 1)
}

function problemOf({ verdict, difference, differences, parts, share }: ReplayResult, isPartWanted: boolean): string | undefined {
  if (difference !== null) {
    const { tick, agent, what, part } = difference
    const where = tick === null ? 'At the end' : `At tick ${tick}`
    const more = differences.length > 1 ? ` And ${differences.length - 1} more: --json lists them.` : ''
    return `${where}${agent === null ? '' : `, ${agent}`}: ${what} (${part}). The replay differs from the run.${more}`
  }
  if (verdict === 'nothing') return 'The run has no tick that can be replayed: nothing is proven.'
  if (verdict === 'agrees' || isPartWanted) return undefined
  const from = Math.max(...parts.map(part => part.from))
  return `The replay is partial: it proves ${shownShare(share)} of the run, the ticks after ${grouped(from)}; those before were dropped.`
}
