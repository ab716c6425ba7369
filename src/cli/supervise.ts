/** What `mycelia supervise` puts together: children from names and configuration, the notifier, the status page, the supervisor. */

import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../core/index.js'
import { systemClock } from '../feed/index.js'
import type { Supervised, SuperviseSettings, SupervisorStatus } from '../ops/index.js'
import type { HttpServer } from '../server/index.js'
import { tokenIn } from './api/place.js'
import { interruptible } from './interrupts.js'
import type { Io } from './io.js'
import { runsRoot } from './runs-root.js'

export interface SuperviseOptions {
  config?: Record<string, unknown>
  out?: string
  port?: number
  listen?: string
  printUnit?: boolean
  printPlist?: boolean
  json?: boolean
  quiet?: boolean
}

export async function supervise(names: readonly string[], options: SuperviseOptions, io: Io): Promise<void> {
  const { superviseSettings, launchdJob, systemdUnit } = await import('../ops/index.js')
  const settings = superviseSettings(withNamed(options.config ?? {}, names))
  const { packageRoot } = await import('../world/index.js')
  if (options.printUnit || options.printPlist) {
    const service = { command: ownCommand(packageRoot), folder: process.cwd() }
    return io.out(options.printPlist ? launchdJob(service) : systemdUnit(service))
  }
  const status = await keep(settings, childrenOf(settings, packageRoot), packageRoot, options, io)
  if (options.json) io.out(`${JSON.stringify(status)}\n`)
}

async function keep(
  settings: SuperviseSettings,
  children: readonly Supervised[],
  packageRoot: string,
  options: SuperviseOptions,
  io: Io,
): Promise<SupervisorStatus> {
  const { Notifier, Supervisor, redactor } = await import('../ops/index.js')
  const { channelsIn } = await import('./notices.js')
  const { levelSetter } = await import('./run-level.js')
  const folder = resolve(options.out ?? join(runsRoot(), 'supervisor'))
  const channels = channelsIn(process.env, settings.notices.withinMs)
  const redact = redactor(process.env)
  const clock = systemClock()
  mkdirSync(folder, { recursive: true })
  const say = (line: string) => void (options.quiet || io.err(`${redact(line)}\n`))
  const notifier = new Notifier({ folder, channels, clock, redact, say, policy: settings.notices })
  let server: HttpServer | undefined
  try {
    const supervisor = new Supervisor({
      folder,
      settings,
      children,
      notifier,
      clock,
      redact,
      setLevel: levelSetter(settings.halfSize),
      // nondeterminism-ok: spreads the restarts of processes; no run reads it
      chance: () => Math.random(),
      checker: join(packageRoot, 'dist', 'src', 'ops', 'supervise', 'check-entry.js'),
    })
    server = await served(() => supervisor.status, options)
    if (server !== undefined && !options.quiet) io.err(`Status at ${server.url}\n`)
    return await interruptible(
      io,
      signal => supervisor.run(signal),
      'Stopping the children at a checkpoint; once more stops at once.\n',
    )
  } finally {
    await server?.close()
    await notifier.close()
  }
}

async function served(status: () => SupervisorStatus, { port, listen }: SuperviseOptions): Promise<HttpServer | undefined> {
  if (port === undefined) return undefined
  const { json, serveHttp } = await import('../server/index.js')
  const { statusPage } = await import('../ops/index.js')
  const routes = {
    '/': () => ({ type: 'text/html; charset=utf-8', body: statusPage(status()) }),
    '/api/supervisor': () => json(status()),
  }
  return serveHttp({ port, option: 'port', listen, token: tokenIn(process.env), routes })
}

/** `live:main`, `live:main=trifecta`; what the configuration says of the name holds too. */
function withNamed(config: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  if (names.length === 0) return config
  const configured = (config.children ?? {}) as Record<string, Record<string, unknown>>
  const children = names.map(text => {
    const [, name, scenario] = /^live:([a-z][a-z0-9-]*)(?:=(.+))?$/.exec(text) ?? []
    if (name === undefined)
      throw new OperatorError({
        what: 'a child',
        expected: 'live:NAME or live:NAME=SCENARIO',
        got: text,
        next: 'Try live:main=trifecta.',
      })
    return [name, { ...configured[name], ...(scenario === undefined ? {} : { scenario }) }] as const
  })
  return { ...config, children: Object.fromEntries(children) }
}

function childrenOf({ children }: SuperviseSettings, packageRoot: string): Supervised[] {
  const bin = join(packageRoot, 'bin', 'mycelia')
  return Object.entries(children).map(([name, { verb, scenario, args, out, sources, model }]) => {
    const run = resolve(out ?? join(runsRoot(), name))
    const words = [verb, ...(scenario === undefined ? [] : [scenario]), ...args, '--out', run, '--quiet']
    const command = [process.execPath, '--max-semi-space-size=32', bin, ...words] as const
    return { name, command, run, environment: process.env, sources, model }
  })
}

/** This command again, without what only prints it. */
function ownCommand(packageRoot: string): string[] {
  const bin = join(packageRoot, 'bin', 'mycelia')
  const words = process.argv.slice(2).filter(word => word !== '--print-unit' && word !== '--print-plist')
  return [process.execPath, bin, ...words]
}
