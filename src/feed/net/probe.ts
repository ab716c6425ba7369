/** One scan of one host by a program of the system: traceroute or mtr, started with a list of arguments and no shell. */

import { spawn } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { MyceliaError, SECOND_MS } from '../../core/index.js'
import type { NetHop, NetScan } from '../../market/index.js'
import type { WallClock } from '../clock.js'
import { parseMtr } from './parse-mtr.js'
import { type Probe, parseTraceroute, type TracedRoute } from './parse-traceroute.js'
import { probeLimits } from './targets.js'

/** How hosts are probed. */
export interface ProbeOptions {
  readonly program: 'traceroute' | 'mtr'
  /** Probe by TCP to port 443 instead of UDP (traceroute alone). */
  readonly tcp?: boolean | undefined
  /** The name of this vantage point. */
  readonly vantage: string
  readonly clock: WallClock
  readonly signal?: AbortSignal | undefined
}

/** Traces the route to a host once. Throws where the program is not there, or prints no route. */
export async function probeHost(host: string, options: ProbeOptions): Promise<NetScan> {
  const { program, vantage, clock } = options
  const address = await addressOf(host)
  const text = await outputOf(program, argumentsOf(address ?? host, options), options.signal)
  const route = program === 'mtr' ? parseMtr(text, address) : parseTraceroute(text)
  if (route === undefined || (route.hops.length === 0 && route.address === null)) throw noRoute(program, host, text)
  return scanOf(route, { host, vantage, time: clock.now() })
}

/** The system's own answer, as the programs would ask for it; null where the name is not known. */
async function addressOf(host: string): Promise<string | null> {
  try {
    return (await lookup(host)).address
  } catch {
    return null
  }
}

function argumentsOf(host: string, { program, tcp = false }: ProbeOptions): string[] {
  if (program === 'mtr') return ['-j', '-n', '-c', '10', host]
  return ['-n', '-q', '3', '-w', '2', '-m', '30', ...(tcp ? ['-T', '-p', '443'] : []), host]
}

/** What a program prints; it is ended where it takes too long, prints too much, or `signal` says so. */
function outputOf(program: string, args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: false })
    let [text, errors] = ['', '']
    const end = () => child.kill('SIGKILL')
    const timer = setTimeout(end, probeLimits.probeSeconds * SECOND_MS)
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted) end()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
    }
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.length > probeLimits.probeOutput) end()
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      errors = (errors + part).slice(-1_000)
    })
    child.once('error', error => {
      done()
      reject(notThere(program, error))
    })
    child.once('close', code => {
      done()
      // A probe that was ended says nothing of the routers it did not reach.
      if (code !== 0) reject(new MyceliaError(`${program} ended with ${code ?? 'a signal'}: ${errors.trim()}`))
      else resolve(text.slice(0, probeLimits.probeOutput))
    })
  })
}

function notThere(program: string, error: Error): MyceliaError {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
  return new MyceliaError(isMissing ? `There is no ${program} here; Debian has it as ${packages[program]}.` : error.message, {
    cause: error,
  })
}

const packages: Readonly<Record<string, string>> = { traceroute: 'traceroute', mtr: 'mtr-tiny' }

function noRoute(program: string, host: string, text: string): MyceliaError {
  return new MyceliaError(`${program} printed no route to ${host}: ${text.trim().slice(0, 200) || 'nothing'}.`)
}

/**
 * A traced route as a scan. The probes of the host are those that its own address answered; where none did, as many as a hop has were
 * lost. A vantage point that heard any router is heard.
 */
export function scanOf({ address, hops }: TracedRoute, place: Pick<NetScan, 'host' | 'vantage' | 'time'>): NetScan {
  const reached = hops.find(({ probes }) => probes.some(probe => isHost(probe, address)))
  const last = hops.at(-1)
  const probed = reached ?? last
  const route = reached === undefined ? hops : hops.slice(0, hops.indexOf(reached) + 1)
  return {
    ...place,
    hops: route.map(
      ({ ttl, probes }): NetHop => ({
        ttl,
        address: probes.find(p => p.address !== null)?.address ?? null,
        rttMs: shortest(probes),
      }),
    ),
    probesMs: probed?.probes.map(probe => (isHost(probe, address) ? probe.rttMs : null)) ?? [],
    gateway: hops.some(({ probes }) => probes.some(probe => probe.rttMs !== null)),
  }
}

/** A mark such as `!H` is a router's word that the host is not there, even at the host's own address. */
function isHost({ address, rttMs, mark }: Probe, host: string | null): boolean {
  return mark === null && rttMs !== null && address !== null && address === host
}

function shortest(probes: readonly Probe[]): number | null {
  let least: number | null = null
  for (const { rttMs } of probes) if (rttMs !== null && !(least !== null && least <= rttMs)) least = rttMs
  return least
}
