/** What the checks leave behind: one JSON file each under docs/results/, and a page that sums them up. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import type { Check, Verdict } from './check.js'

export interface Result extends Omit<Verdict, 'page'> {
  readonly check: string
  readonly promise: string
  readonly measured: string
  readonly commit: string
  readonly date: string
  readonly command: string
  readonly node: string
  readonly machine: string
  readonly seconds: number
}

export function resultOf(
  check: Check,
  { page: _, ...verdict }: Verdict,
  { command, commit }: { command: string; commit: string },
  seconds: number,
): Result {
  return {
    check: check.name,
    promise: check.promise,
    measured: check.measured,
    ...verdict,
    commit,
    date: new Date().toISOString().slice(0, 10), // nondeterminism-ok: when a figure was measured belongs to it
    command,
    node: process.version,
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    seconds: Math.round(seconds),
  }
}

export function writeResult(directory: string, result: Result): void {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, `${result.check}.json`), `${JSON.stringify(result, null, 2)}\n`)
}

/** Writes a check's own page. */
export function writePage(directory: string, { name, text }: NonNullable<Verdict['page']>): void {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, name), text)
}

/** Writes the page from whatever results stand in the directory. */
export function writeSummary(directory: string, order: readonly string[]): void {
  const files = readdirSync(directory).filter(name => name.endsWith('.json'))
  const results = files.map(name => JSON.parse(readFileSync(join(directory, name), 'utf8')) as Result)
  const known = results.filter(r => order.includes(r.check)).sort((a, b) => order.indexOf(a.check) - order.indexOf(b.check))
  writeFileSync(join(directory, 'README.md'), page(known))
}

function page(results: readonly Result[]): string {
  const rows = results.map(
    r =>
      `| ${r.promise} | ${r.kept ? 'kept' : '**not kept**'} | ${r.says} | [${r.check}](${r.check}.json) | ${r.commit} | ${r.date} |`,
  )
  const measured = results.map(r => `- **${r.promise}** (\`--only ${r.check}\`, ${r.seconds} s): ${r.measured}.`)
  return `# What is shown by numbers

Written by \`npm run validate\`; each row's JSON holds the figures, seeds, commit, date and command. Means per trade are ratio
estimates with a seed as the unit of chance; intervals of counts are Wilson's. Predictions of the ablation: [ablation.md](ablation.md).
The claim that a collision is worth more than either signal has a page and a map of its own: [hypothesis.md](hypothesis.md).

| promise | verdict | measured | figures | commit | date |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## How

${measured.join('\n')}
`
}
