/** One set-up at a time in one clone: a lock file holding the owner's pid, taken over when that process is gone. */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'

const POLL_MS = 200

/** Runs `work` while holding the lock at `path`; `onWait(pid)` is called once when another process holds it. */
export function withLock(path, onWait, work) {
  acquire(path, onWait)
  try {
    return work()
  } finally {
    rmSync(path, { force: true })
  }
}

function acquire(path, onWait) {
  let reported = false
  while (!tryTake(path)) {
    const owner = ownerOf(path)
    if (owner !== undefined && !isAlive(owner)) discard(path, owner)
    else {
      if (owner !== undefined && !reported) onWait(owner)
      reported ||= owner !== undefined
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
    }
  }
}

function tryTake(path) {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** Undefined while the file is gone again, or created and not yet written. */
function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

/** Renames before deleting, so that of two waiters only one removes the dead lock, and neither a new one. */
function discard(path, owner) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (ownerOf(aside) === owner) rmSync(aside, { force: true })
  else renameSync(aside, path)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
