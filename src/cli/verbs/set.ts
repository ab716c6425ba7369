/** `mycelia set`: risk limits of a live run, and which of its pairs may be entered, changed while it runs. */

import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { Io } from '../io.js'
import { type ActOptions, act, reasonOf, runOf, withActOptions } from '../operator-act.js'
import { assignments } from '../options.js'

const examples = `
Examples:
  mycelia set runs/live-1 minConfidence=0.7 openPositions=4
  mycelia set runs/live-1 pairs=SOLUSD,ADAUSD
  mycelia set runs/live-1 pairs=all dailyLossUsd=null

The names of limits stand in docs/reference/risk-rules.md. null takes a limit out of force.
`

export function setVerb(program: Command, io: Io): void {
  const command = program
    .command('set')
    .summary('change risk limits and pairs of a live run')
    .description(
      'Changes limits of the risk gate in every portfolio, without a new run; what changed is printed. "pairs" says which of the run’s pairs may be entered. What is held stays; a loss that a new limit forbids begins its halt at the next bar.',
    )
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .argument('[limits...]', 'name=value, its value as YAML')
  withActOptions(command)
    .addHelpText('after', examples)
    .action(async (first: string | undefined, rest: string[], options: ActOptions) => {
      const isRun = first !== undefined && !first.includes('=')
      const run = isRun ? first : undefined
      const limits = limitsIn(isRun || first === undefined ? rest : [first, ...rest])
      if (options.redis === undefined) {
        const { checkChange } = await import('../../world/index.js')
        await checkChange(await runOf(run), limits)
      }
      await act({ do: 'set', limits, reason: reasonOf(options) }, run, options, io)
    })
}

const read = assignments('a limit')

function limitsIn(texts: readonly string[]): Record<string, unknown> {
  const wrong = texts.find(text => !text.includes('=')) ?? (texts.length === 0 ? 'none' : undefined)
  if (wrong !== undefined)
    throw new OperatorError({ what: 'limits to set', expected: 'name=value', got: wrong, next: 'Try minConfidence=0.7.' })
  let limits: Record<string, unknown> = {}
  for (const text of texts) limits = read(text, limits)
  return limits
}
