/** What identifies a process beyond its pid, which the system gives to another one sooner or later: when it started, and where. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessId {
  readonly host: string
  /** The machine's boot and the container, within which a pid has a meaning. */
  readonly space: string
  readonly pid: number
  /** When the process started; `0` where the system does not say. */
  readonly started: string
}

let own: ProcessId | undefined

/** This process. */
export function self(): ProcessId {
  own ??= { host: hostId(), space: spaceId(), pid: process.pid, started: startOf(process.pid) }
  return own
}

/** A process of another machine may live, for nothing here can tell; one from before a reboot, or of a container that is gone, does not. */
export function isAlive({ host, space, pid, started }: ProcessId): boolean {
  const here = self()
  if (host !== here.host) return true
  if (space !== here.space || !exists(pid)) return false
  const now = startOf(pid)
  return now === '0' || started === '0' || now === started
}

export function hostId(): string {
  return shortHash(hostname())
}

function spaceId(): string {
  return shortHash([bootId(), container()].join())
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
  } catch {
    return ''
  }
}

function container(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Linux says it in /proc, other Unix systems by `ps`. */
function startOf(pid: number): string {
  try {
    if (process.platform === 'linux') return startInProc(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    if (process.platform === 'win32') return '0'
    const said = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return said.trim() === '' ? '0' : shortHash(said.trim())
  } catch {
    return '0'
  }
}

/** The 22nd field: ticks since the boot. The name of the program, which may hold spaces, ends at the last bracket. */
function startInProc(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
