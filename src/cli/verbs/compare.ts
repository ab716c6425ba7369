/** `mycelia compare`: the figures of runs side by side. */

import { basename } from 'node:path'
import type { Command } from 'commander'
import { canonicalJson } from '../../core/index.js'
import type { Manifest } from '../../storage/index.js'
import type { Io } from '../io.js'
import { metricRows } from '../metric-rows.js'
import { columns, grouped } from '../text.js'

export function compareVerb(program: Command, io: Io): void {
  program
    .command('compare')
    .summary('figures of runs side by side')
    .description('Prints the figures of runs side by side, and the parameters in which they differ.')
    .argument('<run-dir...>', 'run directories')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  mycelia compare runs/trifecta/latest runs/null-market/latest\n')
    .action(async (paths: string[], options: { json?: boolean }) => {
      const { RunDirectory } = await import('../../storage/run-directory.js')
      const runs = paths.map(path => RunDirectory.read(path).manifest)
      io.out(
        options.json ? `${JSON.stringify({ runs: runs.map(asJson), differences: differences(runs) })}\n` : asText(runs, paths),
      )
    })
}

function asJson({ runId, status, summary, parameters }: Manifest): Record<string, unknown> {
  return { runId, status, parameters, ...summary }
}

function asText(runs: readonly Manifest[], paths: readonly string[]): string {
  const rows = [['', ...paths.map(path => basename(path))], ...figures(runs)]
  for (const portfolio of ['baseline', 'mycelial', 'synthesized', 'buyAndHold']) {
    const portfolios = runs.map(run => portfolioOf(run, portfolio))
    const found = metricRows(portfolios)
    if (found.length > 0) rows.push([portfolio], ...found.map(([name, ...cells]) => [`  ${name}`, ...cells]))
  }
  const different = Object.entries(differences(runs))
  if (different.length > 0) rows.push(['parameters'])
  for (const [name, values] of different) rows.push([`  ${name}`, ...values.map(value => JSON.stringify(value) ?? '–')])
  return columns(rows)
}

function figures(runs: readonly Manifest[]): string[][] {
  const patterns = (run: Manifest) => (run.summary.patterns as { approved?: number } | undefined)?.approved
  const rows: [string, (run: Manifest) => string][] = [
    ['scenario', run => run.scenario],
    ['status', run => run.status],
    ['seed', run => String(run.seed)],
    ['steps', run => grouped(run.steps)],
    ['digest', run => run.digest?.slice(0, 12) ?? '–'],
    ['patterns approved', run => String(patterns(run) ?? '–')],
  ]
  return rows.map(([name, show]) => [name, ...runs.map(show)])
}

function portfolioOf({ summary }: Manifest, portfolio: string): Record<string, unknown> {
  const all = { ...(summary.portfolios as object | undefined), buyAndHold: summary.buyAndHold } as Record<string, unknown>
  return (all[portfolio] ?? {}) as Record<string, unknown>
}

/** Parameters that are not the same in all runs, each with its value per run. */
function differences(runs: readonly Manifest[]): Record<string, unknown[]> {
  const names = new Set(runs.flatMap(run => Object.keys(run.parameters)))
  const all = [...names].map((name): [string, unknown[]] => [name, runs.map(run => run.parameters[name] ?? null)])
  return Object.fromEntries(all.filter(([, values]) => new Set(values.map(canonicalJson)).size > 1))
}
