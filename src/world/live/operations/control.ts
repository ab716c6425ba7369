/**
 * Commands of an operator on the same machine: files in the shard's `control/`, each removed once the journal has it. Who may write there
 * may command, so the folder is its owner's alone. Whatever else lies in it is counted, and stops nothing.
 */

import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { commandText } from '../../../agents/index.js'
import { OperatorError } from '../../../core/index.js'
import type { TickInput } from '../../../model/index.js'
import { liveLimits } from '../limits.js'
import { commandInput, type OperatorCommand, parseCommand } from '../operator-command.js'

/** A command that no tick has taken yet. */
export interface PendingCommand {
  readonly key: string | null
  readonly command: string
  readonly reason: string
}

export interface Control {
  readonly counters: Readonly<Record<string, number>>
  /** Waiting commands, as inputs of the next tick. */
  take(): TickInput[]
  /** The same, for a reader; they go on waiting. */
  pending(): PendingCommand[]
  /** The commands that `take` returned are in the journal. */
  committed(): void
}

const folder = 'control'
/** How often the folder is read, ms. */
const readEveryMs = 100

export class ControlFolder implements Control {
  /**
   * `rejected`: files that held no command. `stuck`: what cannot be removed. `unreadable`, `crowded`: times that the folder could not be read,
   * or not to its end. `unkept`: commands that found no room or no disk.
   */
  readonly counters = { rejected: 0, stuck: 0, unreadable: 0, crowded: 0, unkept: 0 }
  private readonly path: string
  private readAt = Number.NEGATIVE_INFINITY
  private uncommitted: string[] = []
  /** Names that cannot be removed, and are looked at no more. */
  private readonly stuck = new Set<string>()

  constructor(
    private readonly runDirectory: string,
    private readonly monotonic: () => number,
  ) {
    this.path = join(runDirectory, folder)
    makePrivate(this.path)
  }

  take(): TickInput[] {
    const now = this.monotonic()
    if (now - this.readAt < readEveryMs || this.uncommitted.length > 0) return []
    this.readAt = now
    const inputs: TickInput[] = []
    for (const name of this.names().slice(0, liveLimits.commands)) {
      const command = readCommand(join(this.path, name))
      if (command === undefined) this.counters.rejected++
      else inputs.push(commandInput(command))
      this.uncommitted.push(name)
    }
    if (inputs.length === 0) this.committed()
    return inputs
  }

  pending(): PendingCommand[] {
    const names = this.names().slice(0, liveLimits.commands)
    return names.flatMap(name => {
      const command = readCommand(join(this.path, name))
      return command === undefined ? [] : [{ key: command.key ?? null, command: commandText(command), reason: command.reason }]
    })
  }

  /** Keeps a command that came another way, until a tick takes it. False where it could not be kept. */
  keep(command: OperatorCommand, now: number): boolean {
    try {
      if (this.names().length >= liveLimits.commands) throw new Error('no room')
      writeCommand(this.runDirectory, command, now)
      return true
    } catch {
      this.counters.unkept++
      return false
    }
  }

  committed(): void {
    for (const name of this.uncommitted) this.remove(name)
    this.uncommitted = []
  }

  /** The names of commands, in order; of a folder with too many names, those that come first in it. */
  private names(): string[] {
    const names: string[] = []
    try {
      const open = opendirSync(this.path)
      try {
        for (let n = 0, entry = open.readSync(); entry !== null; n++, entry = open.readSync()) {
          if (n >= liveLimits.commandNames) {
            this.counters.crowded++
            break
          }
          if (entry.name.endsWith('.json') && !this.stuck.has(entry.name)) names.push(entry.name)
        }
      } finally {
        open.closeSync()
      }
    } catch {
      this.counters.unreadable++
    }
    return names.sort()
  }

  /** A folder with a command's name goes with all that is in it. */
  private remove(name: string): void {
    try {
      rmSync(join(this.path, name), { force: true, recursive: true })
    } catch {
      this.counters.stuck++
      if (this.stuck.size < liveLimits.commandNames) this.stuck.add(name)
    }
  }
}

/** The number of the newest command of this process: none overwrites one of the same millisecond. */
let lastNumber = 0

/** Writes a command for the shard in this directory, atomically; commands are taken in the order of `now`, ms. Returns the path of its file. */
export function writeCommand(runDirectory: string, command: OperatorCommand, now: number): string {
  const path = join(runDirectory, folder)
  makePrivate(path)
  lastNumber = Math.max(lastNumber + 1, Math.trunc(now))
  const file = join(path, `${String(lastNumber).padStart(16, '0')}-${process.pid}`)
  writeFileSync(`${file}.tmp`, JSON.stringify(command))
  renameSync(`${file}.tmp`, `${file}.json`)
  return `${file}.json`
}

/** Makes the folder for its owner alone, and takes from others what they may do in one that exists. */
function makePrivate(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const { mode } = lstatSync(path)
  if ((mode & constants.S_IFMT) !== constants.S_IFDIR) throw notPrivate(path, 'something else')
  if ((mode & 0o077) === 0 || process.platform === 'win32') return
  try {
    chmodSync(path, 0o700)
  } catch (error) {
    throw notPrivate(path, 'one that others may use, and that is not ours to change', error)
  }
}

function notPrivate(path: string, got: string, cause?: unknown): OperatorError {
  return new OperatorError(
    {
      what: path,
      expected: 'a folder that only its owner may write to: who writes there commands the run',
      got,
      next: `Try: chmod 700 ${path}.`,
    },
    { cause },
  )
}

/** A link is not followed, and nothing but a file is opened for longer than it takes to see that. */
function readCommand(path: string): OperatorCommand | undefined {
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stat = fstatSync(file)
    if (!stat.isFile() || stat.size > liveLimits.commandBytes) return undefined
    return parseCommand(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
