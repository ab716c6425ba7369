/** `mycelia list`: the scenarios that ship and the runs on disk, the parameters of one scenario, or the profiles of limits. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import type { Manifest } from '../../storage/index.js'
import { flagsOf, withFlags } from '../flags.js'
import type { Io } from '../io.js'
import { type Parameter, parameterLines, parametersOf } from '../parameters.js'
import { listedProfiles, profilesText } from '../profiles.js'
import { runsRoot } from '../runs-root.js'
import { grouped, leftColumns } from '../text.js'

/** Most runs listed; the newest come first. */
const mostRuns = 20

const examples = '\nExamples:\n  mycelia list\n  mycelia list trifecta\n  mycelia list --profiles\n  mycelia list --json\n'

export function listVerb(program: Command, io: Io): void {
  program
    .command('list')
    .summary('scenarios and runs, the parameters of a scenario, or profiles')
    .description('Lists the scenarios that ship and the newest runs; with a scenario, its parameters.')
    .argument('[scenario]', 'a name that ships, or a .ts or .js file')
    .option('--profiles', 'the profiles of limits that ship; with a scenario, whether each can run there')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action(async (scenario: string | undefined, { json, profiles }: { json?: boolean; profiles?: boolean }) => {
      if (profiles) {
        const listed = await listedProfiles(scenario ?? 'trifecta')
        return io.out(json ? `${JSON.stringify(listed)}\n` : withFlags(profilesText(listed), flagsOf(program)))
      }
      if (scenario !== undefined) {
        const found = await parameters(scenario)
        return io.out(json ? `${JSON.stringify(found)}\n` : parameterText(found))
      }
      const found = { scenarios: await scenarios(), runs: await runs(runsRoot()) }
      io.out(json ? `${JSON.stringify(found)}\n` : asText(found))
    })
}

async function parameters(nameOrPath: string): Promise<{ scenario: string; title: string; parameters: Parameter[] }> {
  const { loadScenario } = await import('../../world/load-scenario.js')
  const { scenario } = await loadScenario(nameOrPath)
  return { scenario: scenario.name, title: scenario.title, parameters: await parametersOf(scenario) }
}

function parameterText({ title, parameters }: { title: string; parameters: readonly Parameter[] }): string {
  return `${title}\n\n${parameterLines(parameters)}`
}

interface ListedRun {
  readonly path: string
  readonly scenario: string
  readonly seed: number
  readonly steps: number
  readonly status: Manifest['status']
  readonly startedAt: string
}

async function scenarios(): Promise<{ name: string; title: string }[]> {
  const { loadScenario, shippedScenarios, shortNames } = await import('../../world/load-scenario.js')
  const listed = []
  for (const name of shortNames(shippedScenarios()).sort())
    listed.push({ name, title: (await loadScenario(name)).scenario.title })
  return listed
}

async function runs(root: string): Promise<ListedRun[]> {
  const { RunDirectory } = await import('../../storage/run-directory.js')
  const listed: ListedRun[] = []
  for (const path of foldersIn(root).flatMap(foldersIn)) {
    if (!existsSync(join(path, 'manifest.json')) || basename(path) === 'latest') continue
    try {
      const { scenario, seed, steps, status, startedAt } = RunDirectory.read(path).manifest
      listed.push({ path, scenario, seed, steps, status, startedAt })
    } catch {
      // A verb that is given the run itself reports its damaged manifest.
    }
  }
  return listed.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, mostRuns)
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path)
    .map(name => join(path, name))
    .filter(each => statSync(each, { throwIfNoEntry: false })?.isDirectory())
}

function asText({ scenarios, runs }: { scenarios: { name: string; title: string }[]; runs: ListedRun[] }): string {
  const known = leftColumns(scenarios.map(({ name, title }) => [`  ${name}`, title]))
  const here = runs.map(r => [`  ${r.path}`, r.status, `seed ${r.seed}`, `${grouped(r.steps)} steps`])
  return `Scenarios:\n${known}\nRuns:\n${here.length === 0 ? '  none yet\n' : leftColumns(here)}`
}
