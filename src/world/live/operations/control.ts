/** The operator's door on the same machine: commands as files in the part's `control/`, each taken once it is journalled. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TickInput } from '../../../model/index.js'
import { liveLimits } from '../engine/limits.js'

/** What an operator may tell a live run. */
export interface OperatorCommand {
  readonly do: 'halt' | 'resume'
  readonly reason: string
}

export interface Control {
  /** Commands that wait, as inputs of the next tick. */
  take(): TickInput[]
  /** They are journalled. */
  taken(): void
}

const folder = 'control'
/** How often the folder is looked at, ms. */
const everyMs = 100

export class ControlFolder implements Control {
  /** Files that were no commands. */
  rejected = 0
  private readonly path: string
  private lookedAt = Number.NEGATIVE_INFINITY
  private underWay: string[] = []

  constructor(
    runDirectory: string,
    private readonly monotonic: () => number,
  ) {
    this.path = join(runDirectory, folder)
    mkdirSync(this.path, { recursive: true })
  }

  take(): TickInput[] {
    const now = this.monotonic()
    if (now - this.lookedAt < everyMs || this.underWay.length > 0) return []
    this.lookedAt = now
    const names = readdirSync(this.path).filter(name => name.endsWith('.json'))
    const inputs: TickInput[] = []
    for (const name of names.sort().slice(0, liveLimits.commands)) {
      const command = readCommand(join(this.path, name))
      if (command === undefined) this.rejected++
      else inputs.push({ kind: 'operator', command } as TickInput)
      this.underWay.push(name)
    }
    if (inputs.length === 0) this.taken()
    return inputs
  }

  taken(): void {
    for (const name of this.underWay) rmSync(join(this.path, name), { force: true })
    this.underWay = []
  }
}

/** Leaves a command for the part in this directory; it finds it whole or not at all. `number` keeps their order. */
export function leaveCommand(runDirectory: string, command: OperatorCommand, number: number): void {
  const path = join(runDirectory, folder)
  mkdirSync(path, { recursive: true })
  const file = join(path, `${String(Math.trunc(number)).padStart(16, '0')}-${process.pid}`)
  writeFileSync(`${file}.tmp`, JSON.stringify(command))
  renameSync(`${file}.tmp`, `${file}.json`)
}

/** The command in parsed JSON, or undefined where there is none. */
export function commandIn(value: unknown): OperatorCommand | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { do: what, reason } = value as Record<string, unknown>
  if ((what !== 'halt' && what !== 'resume') || typeof reason !== 'string' || reason.length > 500) return undefined
  return { do: what, reason }
}

function readCommand(file: string): OperatorCommand | undefined {
  try {
    return commandIn(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
