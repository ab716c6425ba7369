/** `mycelia status`: prints the last status of a live run, while it runs and after it ended. */

import type { Command } from 'commander'
import type { LiveStatus } from '../../world/index.js'
import { commandLines } from '../command-lines.js'
import { wrapped } from '../fitted.js'
import type { Io } from '../io.js'
import { livePanel } from '../live-panel.js'
import { runsRoot } from '../runs-root.js'
import { duration, grouped } from '../text.js'

export function statusVerb(program: Command, io: Io): void {
  program
    .command('status')
    .summary('how a live run is doing')
    .description(
      'Shows run, seed, step, why nothing is traded, portfolios, positions with their levels, halts, what is stale or fails, patterns, the last trade and the last checkpoint.',
    )
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  mycelia status\n  mycelia status runs/live-1 --json\n')
    .action(async (run: string | undefined, { json }: { json?: boolean }) => {
      const { liveRun, readStatus } = await import('../../world/live/operations/index.js')
      const path = liveRun(run, runsRoot())
      const parts = readStatus(path)
      if (json) return io.out(`${JSON.stringify({ run: path, parts })}\n`)
      for (const { path: shard, status, isRunning } of parts) {
        io.out(status === undefined ? `${shard}: no status yet.\n` : statusText(status, isRunning, io.size?.columns))
        if (status !== undefined) io.out(commandLines(status))
      }
    })
}

function statusText(status: LiveStatus, isRunning: boolean, width: number | undefined): string {
  const { seed, pid, updatedAt, lastCheckpoint, runDir, state } = status
  const ago = duration(Date.now() - updatedAt)
  const ended = state === 'stopped' ? `stopped ${ago} ago` : `process ${pid} is gone; last heard of ${ago} ago`
  const alive = isRunning ? `process ${pid}, heard of ${ago} ago` : ended
  const head = `${runDir}\nseed ${seed}, ${alive}, last checkpoint at step ${grouped(lastCheckpoint)}`
  return wrapped(head, width ?? Number.POSITIVE_INFINITY) + livePanel(asFound(status, isRunning), width)
}

/** What a process that is gone said last of its trading is over. */
function asFound(status: LiveStatus, isRunning: boolean): LiveStatus {
  if (isRunning || status.state === 'stopped' || status.state === 'failed') return status
  return { ...status, why: 'Nothing is traded: the process is gone. The rest is what it said last.' }
}
