/**
 * The operator's proof of a command that comes through Redis: an HMAC of it with the operator's token. The token itself never leaves its
 * process, and a command counts once, within a minute, and only in a process that had started before it was given.
 */

import type { Signer } from '../../transport/index.js'
import { liveLimits } from './limits.js'

/** A command as it travels on `system-control`. */
export interface ProvenCommand {
  readonly command: unknown
  /** When it was given, ms since 1970 UTC. */
  readonly time: number
  /** Different for each command. */
  readonly nonce: string
  readonly proof: string
}

export function proveCommand(
  token: Signer,
  { scenario, command, time, nonce }: { scenario: string } & Omit<ProvenCommand, 'proof'>,
): ProvenCommand {
  return { command, time, nonce, proof: token.mac(provenText(scenario, { command, time, nonce })) }
}

export interface CommandGateOptions {
  /** Undefined: no command is taken. */
  readonly token: Signer | undefined
  readonly scenario: string
  readonly now: () => number
}

export class CommandGate {
  /** `unproven`: without the right proof. `untimely`: too old, from the future, or from before this start. `repeated`: taken already. */
  readonly counters = { unproven: 0, untimely: 0, repeated: 0 }
  private readonly startedAt: number
  /** Taken commands that are not too old yet: nonce → time. */
  private readonly taken = new Map<string, number>()

  constructor(private readonly options: CommandGateOptions) {
    this.startedAt = options.now()
  }

  /** True for a command that counts; from then on it does no more. */
  take(data: unknown): boolean {
    const given = readProven(data)
    const { token, scenario } = this.options
    if (given === undefined || token === undefined || !token.isMac(given.proof, provenText(scenario, given)))
      return this.refuse('unproven')
    const { time, nonce } = given
    const now = this.options.now()
    this.forget(now)
    if (time < this.startedAt || Math.abs(now - time) > liveLimits.commandMs) return this.refuse('untimely')
    if (this.taken.has(nonce) || this.taken.size >= liveLimits.commandsRemembered) return this.refuse('repeated')
    this.taken.set(nonce, time)
    return true
  }

  private refuse(reason: keyof CommandGate['counters']): false {
    this.counters[reason]++
    return false
  }

  private forget(now: number): void {
    for (const [nonce, time] of this.taken) if (now - time > liveLimits.commandMs) this.taken.delete(nonce)
  }
}

function readProven(data: unknown): ProvenCommand | undefined {
  const { command, time, nonce, proof } = (data ?? {}) as Partial<Record<keyof ProvenCommand, unknown>>
  if (!Number.isSafeInteger(time) || typeof nonce !== 'string' || typeof proof !== 'string') return undefined
  return { command, time: time as number, nonce, proof }
}

function provenText(scenario: string, { command, time, nonce }: Omit<ProvenCommand, 'proof'>): string {
  return JSON.stringify(['mycelia command', scenario, time, nonce, command])
}
