/** Commands of an operator on the same machine: files in the shard's `control/`, each removed once the journal has it. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TickInput } from '../../../model/index.js'
import { liveLimits } from '../limits.js'
import { type OperatorCommand, parseCommand } from '../operator-command.js'

export interface Control {
  /** Waiting commands, as inputs of the next tick. */
  take(): TickInput[]
  /** The commands that `take` returned are in the journal. */
  committed(): void
}

const folder = 'control'
/** How often the folder is read, ms. */
const readEveryMs = 100

export class ControlFolder implements Control {
  /** Files that held no command. */
  rejected = 0
  private readonly path: string
  private readAt = Number.NEGATIVE_INFINITY
  private uncommitted: string[] = []

  constructor(
    runDirectory: string,
    private readonly monotonic: () => number,
  ) {
    this.path = join(runDirectory, folder)
    mkdirSync(this.path, { recursive: true })
  }

  take(): TickInput[] {
    const now = this.monotonic()
    if (now - this.readAt < readEveryMs || this.uncommitted.length > 0) return []
    this.readAt = now
    const names = readdirSync(this.path).filter(name => name.endsWith('.json'))
    const inputs: TickInput[] = []
    for (const name of names.sort().slice(0, liveLimits.commands)) {
      const command = readCommand(join(this.path, name))
      if (command === undefined) this.rejected++
      else inputs.push({ kind: 'operator', command } as TickInput)
      this.uncommitted.push(name)
    }
    if (inputs.length === 0) this.committed()
    return inputs
  }

  committed(): void {
    for (const name of this.uncommitted) rmSync(join(this.path, name), { force: true })
    this.uncommitted = []
  }
}

/** Writes a command for the shard in this directory, atomically. Commands are taken in the order of `number`. */
export function writeCommand(runDirectory: string, command: OperatorCommand, number: number): void {
  const path = join(runDirectory, folder)
  mkdirSync(path, { recursive: true })
  const file = join(path, `${String(Math.trunc(number)).padStart(16, '0')}-${process.pid}`)
  writeFileSync(`${file}.tmp`, JSON.stringify(command))
  renameSync(`${file}.tmp`, `${file}.json`)
}

function readCommand(file: string): OperatorCommand | undefined {
  try {
    return parseCommand(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
