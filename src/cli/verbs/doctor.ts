/** `mycelia doctor`: checks what a run needs on this machine, and lists every bound of the program. */

import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { MyceliaError, OperatorError } from '../../core/index.js'
import type { Io } from '../io.js'
import { allLimits } from '../limits.js'
import { assignments, profiles as profileList } from '../options.js'
import { payingTarget, scenarioLimits, scenarioLimitsText } from '../profiles.js'
import { runsRoot } from '../runs-root.js'
import { grouped, leftColumns } from '../text.js'

interface Finding {
  readonly name: string
  /** `missing`: a run needs it; `absent`: only what `detail` names does. */
  readonly state: 'ok' | 'absent' | 'missing'
  readonly detail: string
}

/** Packages that are loaded on demand, and what for. */
const optionalPackages = {
  ioredis: 'Redis between processes',
  ccxt: 'market data of Kraken',
  pino: 'logs',
  'prom-client': 'metrics',
  protobufjs: 'snapshots as protobuf',
  '@toon-format/toon': 'snapshots as TOON',
} as const

const programs: readonly { name: string; any: readonly string[]; use: string }[] = [
  { name: 'redis-server', any: ['redis-server', 'valkey-server'], use: 'Redis between processes' },
  { name: 'Chromium', any: ['chromium', 'chromium-browser', 'google-chrome'], use: 'tests in a browser' },
]

interface Options {
  set?: Record<string, unknown>
  profile?: unknown[]
  forceSimulation?: boolean
  json?: boolean
}

const examples = `
Examples:
  mycelia doctor
  mycelia doctor nettrace
  mycelia doctor nettrace --set feeRate=0.004 --force-simulation
`

function refuseWithout(options: Readonly<Record<string, unknown>>): void {
  if (Object.values(options).every(value => value === undefined)) return
  throw new OperatorError({
    what: '--set, --profile and --force-simulation',
    expected: 'a scenario that they are about',
    got: 'none',
  })
}

export function doctorVerb(program: Command, io: Io): void {
  program
    .command('doctor')
    .summary('what this machine has and lacks')
    .description(
      'Looks for what runs need and what they can use, lists every bound of the program, and the limits of risk of each scenario.',
    )
    .argument(
      '[scenario]',
      'refuse it where its target loses money although it is reached: no share of right trades can earn that',
    )
    .option('--set <name=value>', 'with a scenario: a parameter, its value as YAML; may be repeated', assignments('--set'))
    .option('--profile <names>', 'with a scenario: limits, as of mycelia run', profileList)
    .option('--force-simulation', 'with a scenario: say that the target does not pay, and go on')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action(async (scenario: string | undefined, options: Options) => {
      const { set, profile, forceSimulation = false } = options
      if (scenario !== undefined) {
        const { pays, says } = await payingTarget(scenario, { ...set, ...(profile && { profiles: profile }) })
        if (!pays && !forceSimulation)
          throw new OperatorError({ what: says, next: 'With --force-simulation it is simulated all the same.' })
        if (!options.json) io.out(`${says}\n\n`)
      } else refuseWithout({ set, profile, forceSimulation: options.forceSimulation })
      const { packageManifest, packageRoot } = await import('../../world/index.js')
      const here = [await runtime(packageManifest().engines.node), await database(), runsFolder()]
      const findings = [...here, ...packages(packageRoot), ...programs.map(findProgram)]
      const limits = await allLimits()
      const risk = await scenarioLimits()
      io.out(options.json ? `${JSON.stringify({ findings, limits, risk })}\n` : asText(findings, limits))
      if (!options.json) io.out(`\n${scenarioLimitsText(risk)}`)
      const missing = findings.filter(({ state }) => state === 'missing')
      if (missing.length > 0)
        throw new MyceliaError(`Runs need what is missing here: ${missing.map(({ name }) => name).join(', ')}.`)
    })
}

async function runtime(wanted: string): Promise<Finding> {
  const { otherRuntime } = await import('../../storage/index.js')
  const [need = [], have = []] = [wanted, process.versions.node].map(text => (text.match(/\d+/g) ?? []).map(Number))
  const enough = (have[0] ?? 0) > (need[0] ?? 0) || ((have[0] ?? 0) === (need[0] ?? 0) && (have[1] ?? 0) >= (need[1] ?? 0))
  const other = otherRuntime()
  const version = other === undefined ? process.version : `${other}, as Node ${process.version}`
  return { name: 'Node', state: enough ? 'ok' : 'missing', detail: `${version}, wanted ${wanted}` }
}

/** Only what trades has a database. */
async function database(): Promise<Finding> {
  const name = 'better-sqlite3'
  const { sqliteVersion } = await import('../../storage/index.js')
  try {
    return { name, state: 'ok', detail: `SQLite ${sqliteVersion()}` }
  } catch (error) {
    return { name, state: 'absent', detail: error instanceof Error ? error.message : String(error) }
  }
}

function runsFolder(): Finding {
  const path = resolve(runsRoot())
  let at = path
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  try {
    accessSync(at, constants.W_OK)
    return { name: 'run directories', state: 'ok', detail: path }
  } catch {
    return { name: 'run directories', state: 'missing', detail: `${at} cannot be written; name another place with --out` }
  }
}

function packages(root: string): Finding[] {
  const { resolve } = createRequire(join(root, 'package.json'))
  return Object.entries(optionalPackages).map(([name, use]) => {
    const found = [`${name}/package.json`, name].some(id => succeeds(() => resolve(id)))
    return { name, state: found ? 'ok' : 'absent', detail: found ? use : `${use}: npm install ${name}` }
  })
}

function findProgram({ name, any, use }: (typeof programs)[number]): Finding {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const found = folders.flatMap(folder => any.map(each => join(folder, each))).find(path => existsSync(path))
  return { name, state: found === undefined ? 'absent' : 'ok', detail: found ?? `${use}: not on the PATH` }
}

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

function asText(findings: readonly Finding[], limits: Record<string, Record<string, number>>): string {
  const found = leftColumns(findings.map(({ name, state, detail }) => [`  ${name}`, state, detail]))
  const rows = Object.entries(limits).flatMap(([room, all]) =>
    Object.entries(all).map(([name, value]) => [`  ${room}`, name, typeof value === 'number' ? grouped(value) : String(value)]),
  )
  return `This machine:\n${found}\nBounds of every queue, cache and table:\n${leftColumns(rows)}`
}
