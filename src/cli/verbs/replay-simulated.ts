/** `mycelia replay` of a simulated run: what is said of it, in the words of a live run's replay. */

import { asSentence, MyceliaError, OperatorError } from '../../core/index.js'
import type { RunReplay, RunReplayRequest } from '../../world/index.js'
import type { Io } from '../io.js'
import { progressView } from '../progress.js'
import { grouped } from '../text.js'

interface Options {
  readonly from?: unknown
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
}

export async function replaySimulated(run: string, { from, json, quiet }: Options, io: Io): Promise<void> {
  if (from !== undefined) throw noFrom(run)
  const { replayRun } = await import('../../world/index.js')
  const view = json || quiet ? undefined : progressView(io, 'step')
  const onProgress: RunReplayRequest['onProgress'] = ({ ticks, of, elapsedMs }) =>
    view?.show({ step: ticks, of, done: ticks, elapsedMs })
  let result: RunReplay
  try {
    result = await replayRun(run, { onProgress })
  } finally {
    view?.stop()
  }
  if (!json && !quiet) io.out(agreement(result))
  if (json) io.out(`${JSON.stringify(result)}\n`)
  const problem = problemOf(result)
  if (problem !== undefined) throw new MyceliaError(problem)
}

function agreement({ verdict, replayed: { steps, inputs, tables }, digest, codeChanged, notes }: RunReplay): string {
  const changed = codeChanged ? `${fileChanged}\n` : ''
  const others = notes.map(note => `${note}\n`).join('')
  const what = `${grouped(steps)} steps, ${counted(inputs, 'input')}, ${counted(tables, 'table')}`
  return `${changed}${others}Replayed ${what}: ${said[verdict]}.\nDigest: ${digest}\n`
}

const said: Readonly<Record<RunReplay['verdict'], string>> = {
  agrees: 'all agree',
  nothing: 'nothing was compared',
  differs: 'not all agree',
}

const fileChanged = 'The scenario file has changed since the run began.'

function problemOf({ verdict, differences, codeChanged }: RunReplay): string | undefined {
  if (verdict === 'nothing') return 'The run has no step that can be replayed: nothing is proven.'
  const [first] = differences
  if (first === undefined) return undefined
  const more = differences.length > 1 ? ` And ${differences.length - 1} more: --json lists them.` : ''
  const why = codeChanged ? ` ${fileChanged} Replay it with the file it began with.` : ''
  return `${asSentence(first.what)} The replay differs from the run.${more}${why}`
}

function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`
}

function noFrom(run: string): OperatorError {
  return new OperatorError({
    what: '--from',
    expected: 'a live run',
    got: `${run}, a simulated one, which is replayed from its beginning`,
    next: 'Leave it out.',
  })
}
