/**
 * One writer a run directory, and one a database. Who wants one puts a claim beside it: a file whose name says which thread of which
 * process made it, and holds it once no claim of another living process stands there. A claim's name is never used again, so the
 * claims of the dead can be removed by anybody at any time, and two processes that clear up at once do no harm.
 */

import { closeSync, openSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { fault } from '../core/index.js'
import { FileInUse, storageError } from './errors.js'
import { storageLimits } from './limits.js'
import { hostId, isAlive, type ProcessId, self } from './process-id.js'

export interface Lock {
  release(): void
}

interface Claim extends ProcessId {
  readonly file: string
  /** The directory it was made in. */
  readonly place: string
  readonly thread: number
}

let claims = 0

/** Takes the lock of `path`, or throws {@link FileInUse} naming the holder's pid within a second. */
export function lockFile(path: string): Lock {
  const attempts = 6
  for (let attempt = 1; ; attempt++) {
    const own = claim(path)
    const [other] = othersThan(own, path)
    if (other === undefined) return { release: () => rmSync(own, { force: true }) }
    rmSync(own, { force: true })
    if (attempt === attempts) throw inUse(path, other)
    // Two that came at once have both stepped back; they come again at different times.
    pause(storageLimits.lockTimeoutMs / attempts / (1 + ((process.pid + attempt) % 7)))
  }
}

/** Whether a living process holds the lock of `path`; nothing is changed. */
export function isHeld(path: string): boolean {
  const directory = realpathSync(dirname(path))
  const prefix = `.${basename(path)}.lock-`
  const claims = readdirSync(directory).filter(name => name.startsWith(prefix))
  const place = placeOf(directory)
  return claims.some(name => {
    const found = parsed(directory, name)
    return found !== undefined && found.place === place && isAlive(found)
  })
}

/** Removes the claims of a thread of this process that was ended from outside, and could release nothing. */
export function releaseThread(directory: string, thread: number): void {
  for (const name of readdirSync(directory)) {
    const found = parsed(directory, name)
    if (found?.pid === self().pid && found.started === self().started && found.thread === thread)
      rmSync(found.file, { force: true })
  }
}

/** Makes the claim; its file is whole as soon as it is there, for its name says everything. */
function claim(path: string): string {
  const { host, space, pid, started } = self()
  const directory = realpathSync(dirname(path))
  const file = join(
    directory,
    `.${basename(path)}.lock-${host}-${space}-${pid}-${started}-${threadId}-${placeOf(directory)}-${++claims}`,
  )
  try {
    fault('storage.lock')
    closeSync(openSync(file, 'wx'))
    return file
  } catch (error) {
    throw storageError(error, file, 'locking', 0)
  }
}

/** A name of a directory that no copy of it has. */
function placeOf(directory: string): string {
  return statSync(directory, { bigint: true }).ino.toString(36)
}

/** Claims of other living processes and threads; those of the dead are removed, and so are those that came with a copied directory. */
function othersThan(own: string, path: string): Claim[] {
  const directory = dirname(own)
  const prefix = `.${basename(path)}.lock-`
  const others = readdirSync(directory)
    .filter(name => name.startsWith(prefix) && join(directory, name) !== own)
    .flatMap(name => parsed(directory, name) ?? [])
  const place = placeOf(directory)
  const dead = others.filter(other => other.place !== place || !isAlive(other))
  for (const { file } of dead) rmSync(file, { force: true })
  return others.filter(other => !dead.includes(other))
}

function parsed(directory: string, name: string): Claim | undefined {
  const found = /^\..+\.lock-(\w+)-(\w+)-(\d+)-(\w+)-(\d+)-(\w+)-\d+$/.exec(name)
  if (found === null) return undefined
  const [, host = '', space = '', pid, started = '', thread, place = ''] = found
  return { file: join(directory, name), host, space, pid: Number(pid), started, thread: Number(thread), place }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

function pause(ms: number): void {
  Atomics.wait(sleeper, 0, 0, ms)
}

function inUse(path: string, { pid, host, file }: Claim): FileInUse {
  const elsewhere = host !== hostId()
  return new FileInUse(path, {
    what: `opening ${path}`,
    expected: 'to be its only writer',
    got: `process ${pid}${elsewhere ? ' of another machine' : ''}, which has it open`,
    next: elsewhere
      ? `Stop that process first. If it is gone, remove ${file}.`
      : 'Stop that process first, or use another directory (`out`).',
  })
}
