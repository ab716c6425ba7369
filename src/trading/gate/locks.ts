/** Locks: why and until when an account may not enter. They are plain data, survive a restart, and end at a recorded instant. */

import type { TimeMs } from '../../core/index.js'
import type { Halt } from '../trade.js'

/** The locks of one gate that are in force, oldest first. */
export type Locks = Halt[]

/** Puts a lock in force, or in the place of the one of its id. */
export function beginLock(locks: Locks, lock: Halt): void {
  const at = locks.findIndex(({ id }) => id === lock.id)
  if (at < 0) locks.push(lock)
  else locks[at] = lock
}

/** Ends the lock of an id; undefined where none is in force. */
export function endLock(locks: Locks, id: string): Halt | undefined {
  const at = locks.findIndex(lock => lock.id === id)
  return at < 0 ? undefined : locks.splice(at, 1)[0]
}

/** The first lock in force that covers a pair; undefined where the pair may be entered. */
export function lockOn(locks: Locks, pair: string): Halt | undefined {
  for (const lock of locks) if (lock.pair === null || lock.pair === pair) return lock
  return undefined
}

/** Takes the locks out whose instant has come: at exactly that instant they no longer hold. */
export function takeEnded(locks: Locks, time: TimeMs): readonly Halt[] {
  let ended: Halt[] | undefined
  for (let i = 0; i < locks.length; ) {
    const lock = locks[i] as Halt
    // An instant that is not known ends none.
    if (lock.until === null || !(time >= lock.until)) i++
    else {
      ended ??= []
      ended.push(lock)
      locks.splice(i, 1)
    }
  }
  return ended ?? none
}

const none: readonly Halt[] = []
