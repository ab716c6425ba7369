/** Real network namespaces for the live probe: c – r1 – r2 – x, with a link between r1 and r2 whose delay and loss are set live. */

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const id = `my${process.pid}`
const names = { c: `${id}c`, r1: `${id}a`, r2: `${id}b`, r3: `${id}d`, x: `${id}x` } as const
type Node = keyof typeof names

/** The address of the host x. */
export const target = '10.77.4.2'

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Many commands of `ip` in one process: each would cost one of its own. */
function batch(commands: readonly string[], node?: Node): void {
  const place = node === undefined ? [] : ['-n', names[node]]
  execFileSync('ip', [...place, '-batch', '-'], { input: `${commands.join('\n')}\n`, stdio: ['pipe', 'ignore', 'pipe'] })
}

/** Cables between two nodes: `.1` at the first, `.2` at the second. */
const cables = [
  ['c', 'r1', '10.77.1'],
  ['r2', 'x', '10.77.4'],
  ['r1', 'r3', '10.77.5'],
  ['r3', 'r2', '10.77.6'],
] as const

const routes: Partial<Record<Node, readonly string[]>> = {
  c: ['route add default via 10.77.1.2'],
  x: ['route add default via 10.77.4.1'],
  r3: ['route add 10.77.4.0/24 via 10.77.6.2', 'route add 10.77.1.0/24 via 10.77.5.1'],
}

function inside(node: Node, program: string, ...args: string[]): void {
  execFileSync('ip', ['netns', 'exec', names[node], program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
}

const programs = ['ip', 'traceroute', 'mtr', 'python3', 'sysctl']

/** Why this machine cannot make the network; undefined where it can. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux'
  const folders = (process.env.PATH ?? '').split(delimiter)
  const missing = programs.filter(program => !folders.some(folder => existsSync(join(folder, program))))
  if (missing.length > 0) return `there is no ${missing.join(', ')} here`
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun here'
  try {
    ip('netns', 'add', `${id}try`)
    ip('netns', 'del', `${id}try`)
    return undefined
  } catch {
    return 'this process may not make network namespaces (CAP_NET_ADMIN and CAP_SYS_ADMIN)'
  }
}

/** The network while it stands. */
export interface Net {
  /** A folder to begin PATH with: its traceroute and mtr run inside c. */
  readonly path: string
  /** Delay and jitter one way, ms; loss from 0 to 1. */
  link(delayMs: number, jitterMs: number, loss: number): Promise<void>
  /** Sends what goes to x through r3 too, or as usual. */
  detour(on: boolean): void
  /** How many ICMP errors a router may send: 0: as many as there are. */
  rateLimit(ms: number): void
  close(): void
}

type Relay = ChildProcessByStdio<Writable, Readable, null>

export async function makeNet(): Promise<Net> {
  try {
    return await joined()
  } catch (error) {
    remove()
    throw error
  }
}

/** Namespaces that are not there are passed over. */
function remove(): void {
  for (const name of Object.values(names)) if (existsSync(`/run/netns/${name}`)) ip('netns', 'del', name)
}

async function joined(): Promise<Net> {
  const all = Object.values(names)
  batch([
    ...all.map(name => `netns add ${name}`),
    ...cables.map(([a, b]) => `link add to-${b} netns ${names[a]} type veth peer name to-${a} netns ${names[b]}`),
  ])
  for (const node of Object.keys(names) as Node[]) {
    inside(node, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.icmp_ratelimit=0', 'net.ipv4.conf.all.rp_filter=0')
    const ends = cables.flatMap(([a, b, net]) => [
      ...(a === node ? [`addr add ${net}.1/24 dev to-${b}`, `link set to-${b} up`] : []),
      ...(b === node ? [`addr add ${net}.2/24 dev to-${a}`, `link set to-${a} up`] : []),
    ])
    batch(['link set lo up', ...ends, ...(routes[node] ?? [])], node)
  }
  const relay: Relay = spawn('python3', [fileURLToPath(new URL('./relay.py', import.meta.url)), names.r1, names.r2], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await said(relay, 'ready')
  const link = (mine: string, other: string) => [`addr add ${mine} peer ${other} dev link0`, 'link set link0 up']
  batch([...link('10.77.2.1', '10.77.2.2'), 'route add 10.77.4.0/24 via 10.77.2.2'], 'r1')
  batch([...link('10.77.2.2', '10.77.2.1'), 'route add 10.77.1.0/24 via 10.77.2.1'], 'r2')
  const path = wrappers()
  return {
    path,
    async link(...values) {
      relay.stdin.write(`${values.join(' ')}\n`)
      await said(relay, 'set')
    },
    detour(on) {
      inside('r1', 'ip', 'route', 'replace', '10.77.4.0/24', 'via', on ? '10.77.5.2' : '10.77.2.2')
    },
    rateLimit: ms => inside('r1', 'sysctl', '-qw', `net.ipv4.icmp_ratelimit=${ms}`),
    close() {
      relay.kill('SIGKILL')
      remove()
      rmSync(path, { recursive: true, force: true })
    },
  }
}

function wrappers(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-net-'))
  for (const program of ['traceroute', 'mtr']) {
    const found = (process.env.PATH ?? '')
      .split(delimiter)
      .map(each => join(each, program))
      .find(existsSync)
    writeFileSync(join(folder, program), `#!/bin/sh\nexec ip netns exec ${names.c} ${found} "$@"\n`)
    chmodSync(join(folder, program), 0o755)
  }
  return folder
}

function said(relay: Relay, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      if (!chunk.toString().includes(word)) return
      relay.stdout.off('data', hear)
      resolve()
    }
    relay.stdout.on('data', hear)
    relay.once('exit', code => reject(new Error(`the relay ended with ${code}`)))
  })
}
