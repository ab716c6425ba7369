/** `mycelia experiment`: the experiments that ship, each with its page of results. */

import { join } from 'node:path'
import type { Command } from 'commander'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { place, wholeNumber } from '../options.js'
import { progressView } from '../progress.js'
import { runsRoot } from '../runs-root.js'
import { shortest } from '../text.js'

interface Options {
  quick?: boolean | undefined
  seeds?: number | undefined
  workers?: number
  out?: string
  page?: string | undefined
  market?: string | undefined
  json?: boolean
}

export function experimentVerb(program: Command, io: Io): void {
  const experiment = program
    .command('experiment')
    .summary('make an experiment that ships, with its page of results')
    .description('Makes the many runs of an experiment and writes what they say as a page.')
  experiment
    .command('hypothesis')
    .summary('is a collision worth more than either signal?')
    .description(
      'Tests the claim that a trade on which technical analysis and the swarm agree earns more than a trade of either, in markets from one without any edge to the default one, and maps where it holds. Finished runs are kept: the same command goes on where it was stopped. The whole of it takes about an hour of one core.',
    )
    .option('--quick', 'three seeds a market and shorter runs: shows that it works, and proves nothing')
    .option(
      '--seeds <n>',
      'at most so many seeds a market, the first of each; the two without any edge keep theirs',
      wholeNumber('--seeds', 2),
    )
    .option('--workers <n>', 'threads; 0: none but this (default: as many as there are cores)', wholeNumber('--workers', 0))
    .option('--out <dir>', 'where finished runs are kept (default: runs/hypothesis)', place('--out'))
    .option('--page <dir>', 'where the page, its map and its figures are written (default: that of --out)', place('--page'))
    .option('--market <path>', 'real hourly candles, a file or a folder: their windows are judged too', place('--market'))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia experiment hypothesis --quick\n  mycelia experiment hypothesis --market candles/ --page results/\n',
    )
    .action((options: Options) => interruptible(io, signal => hypothesisAction(options, signal, io)))
}

async function hypothesisAction(
  { quick, seeds, workers, market, json, ...places }: Options,
  signal: AbortSignal,
  io: Io,
): Promise<void> {
  const { engineFor, hypothesis, hypothesisSentences, writeHypothesis } = await import('../../experiment/index.js')
  const out = places.out ?? join(runsRoot(), 'hypothesis')
  const engine = await engineFor({ workers })
  const view = progressView(io, 'run')
  const from = performance.now()
  try {
    const result = await hypothesis({
      engine,
      out,
      quick,
      seeds,
      market,
      signal,
      onProgress: ({ made, ...progress }) => view.show({ ...progress, done: made, elapsedMs: performance.now() - from }),
    })
    view.stop()
    const page = writeHypothesis(places.page ?? out, result, commandOf({ quick, seeds, market, ...places }))
    io.out(json ? `${JSON.stringify(result)}\n` : `${hypothesisSentences(result).join('\n')}\n${shortest(page)}\n`)
  } finally {
    view.stop()
    await engine.close()
  }
}

/** The command that makes the same figures again. */
function commandOf({ quick, seeds, page, market }: Pick<Options, 'quick' | 'seeds' | 'page' | 'market'>): string {
  const flags = [
    ...(quick ? ['--quick'] : []),
    ...(seeds === undefined ? [] : ['--seeds', String(seeds)]),
    ...(market === undefined ? [] : ['--market', market]),
    ...(page === undefined ? [] : ['--page', page]),
  ]
  return ['mycelia experiment hypothesis', ...flags].join(' ')
}
