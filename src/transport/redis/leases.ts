/**
 * Leases in Redis with a fencing epoch, which decide which process runs an agent. A second claim of the same agents is refused,
 * and the error names the process that has them. A holder that could not renew in time sees it by its own clock, before
 * another process can claim.
 */

import type { Redis } from 'ioredis'
import { OperatorError, TransientError } from '../../core/index.js'
import type { TransportClock } from '../clock.js'
import { Repeating } from '../repeating.js'

export interface LeaseOptions {
  /** @internal The connection to use now; undefined while Redis is away. */
  readonly commands: () => Redis | undefined
  /** @internal Calls at each reconnect, until what it returns is called: Redis may have forgotten every lease meanwhile. */
  readonly onConnected?: (act: () => void) => () => void
  readonly clock: TransportClock
  /** Put before every key; in a cluster it holds the `{tag}` that keeps them in one slot. */
  readonly prefix: string
  /** The same after a restart of the same shard, so that it takes over its own lease at once; different for every other process. */
  readonly holder: string
  /** Named in the error of a refused claim: `process 4711 on vega`. */
  readonly shown: string
  /** Under what name and start the holder speaks for what it claims. */
  readonly claimant: Claimant
  readonly ttlMs?: number
  readonly renewMs?: number
  /** Called on every change, with one sentence. */
  readonly onChange?: (state: LeaseState, sentence: string) => void
}

/** A publisher as its messages name it: only from it do messages of the claimed agents come. */
export interface Claimant {
  readonly from: string
  readonly epoch: string
}

/** `unsure`: not renewed in time, so another process may have it. `lost`: another process has it. */
export type LeaseState = 'held' | 'unsure' | 'lost' | 'released'

const leaseTimes = { ttlMs: 10_000, renewMs: 2_500 }

/** Refused where any is held by another. The fence rises with each claim; a renewal restores it where Redis forgot it. */
const claimScript = `
for i = 2, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'holder', 'shown')
  if held[1] and held[1] ~= ARGV[1] then return {0, KEYS[i], held[2]} end
end
local fence = redis.call('INCR', KEYS[1])
for i = 2, #KEYS do
  redis.call('HSET', KEYS[i], 'holder', ARGV[1], 'shown', ARGV[2], 'fence', fence, 'from', ARGV[5], 'epoch', ARGV[6])
  redis.call('PEXPIRE', KEYS[i], ARGV[3])
end
return {fence}`

/** All or nothing: a lease Redis has forgotten is set again, one of another fence is lost. */
const renewScript = `
for i = 2, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'holder', 'shown', 'fence')
  if held[1] and (held[1] ~= ARGV[1] or held[3] ~= ARGV[4]) then return {0, KEYS[i], held[2]} end
end
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[4]) then redis.call('SET', KEYS[1], ARGV[4]) end
for i = 2, #KEYS do
  redis.call('HSET', KEYS[i], 'holder', ARGV[1], 'shown', ARGV[2], 'fence', ARGV[4], 'from', ARGV[5], 'epoch', ARGV[6])
  redis.call('PEXPIRE', KEYS[i], ARGV[3])
end
return {1}`

const releaseScript = `
for i = 2, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'holder', 'fence')
  if held[1] == ARGV[1] and held[2] == ARGV[4] then redis.call('DEL', KEYS[i]) end
end
return {1}`

/** All at one instant: who holds each name, or two empty texts. */
const claimantsScript = `
local found = {}
for i = 1, #KEYS do
  local held = redis.call('HMGET', KEYS[i], 'from', 'epoch')
  found[#found + 1] = held[1] or ''
  found[#found + 1] = held[2] or ''
end
return found`

/** @internal Who has claimed each of the names; undefined where nobody has. Throws where Redis does not answer. */
export async function readClaimants(
  names: readonly string[],
  { commands, prefix }: Pick<LeaseOptions, 'commands' | 'prefix'>,
): Promise<(Claimant | undefined)[]> {
  const redis = commands()
  if (redis === undefined) throw new TransientError('Redis is away: no claim can be read.')
  const found = (await redis.eval(claimantsScript, names.length, ...names.map(name => leaseKey(prefix, name)))) as string[]
  return names.map((_, i) => {
    const [from = '', epoch = ''] = found.slice(2 * i, 2 * i + 2)
    return from === '' ? undefined : { from, epoch }
  })
}

export class Lease {
  state: LeaseState = 'held'
  /** Rises with every claim of anything under one prefix. */
  fence = 0
  readonly counts = { renewed: 0, renewalsFailed: 0 }
  private readonly times: typeof leaseTimes
  private readonly renewals: Repeating
  private renewedAt: number
  private isRenewing = false
  /** False from a reconnect to the next renewal. */
  private isConfirmed = true
  private cancelConnected: (() => void) | undefined

  private constructor(
    readonly names: readonly string[],
    private readonly options: LeaseOptions,
  ) {
    this.times = { ttlMs: options.ttlMs ?? leaseTimes.ttlMs, renewMs: options.renewMs ?? leaseTimes.renewMs }
    this.renewedAt = options.clock.monotonic()
    this.renewals = new Repeating(options.clock, this.times.renewMs, () => void this.renew())
  }

  /** Claims all names or none. Throws an OperatorError that names the holder of one, or a TransientError where Redis does not answer. */
  static async claim(names: readonly string[], options: LeaseOptions): Promise<Lease> {
    const lease = new Lease(names, options)
    const requestedAt = options.clock.monotonic()
    const [fence, key, shown] = await lease.run(claimScript)
    if (fence === 0) throw refused(key.slice(lease.keyOf('').length), shown)
    lease.fence = Number(fence)
    lease.renewedAt = requestedAt
    lease.renewals.start()
    lease.cancelConnected = options.onConnected?.(() => lease.reconnected())
    return lease
  }

  /** True while no other process can hold it: renewed within its time to live, by our own monotonic clock, and since the last reconnect. */
  get isHeld(): boolean {
    return this.state === 'held' && this.isConfirmed && this.options.clock.monotonic() - this.renewedAt < this.times.ttlMs
  }

  async release(): Promise<void> {
    this.stopRenewing()
    if (this.state !== 'lost') this.change('released', 'The lease was given back.')
    await this.run(releaseScript).catch(() => undefined)
  }

  /** Renews now; the timer does it every `renewMs`. */
  async renew(): Promise<void> {
    if (this.isRenewing || this.state === 'lost' || this.state === 'released') return
    this.isRenewing = true
    const requestedAt = this.options.clock.monotonic()
    try {
      this.answered(await this.run(renewScript), requestedAt)
    } catch {
      this.counts.renewalsFailed++
      this.doubt()
    } finally {
      this.isRenewing = false
    }
  }

  private reconnected(): void {
    this.isConfirmed = false
    void this.renew()
  }

  private stopRenewing(): void {
    this.renewals.stop()
    this.cancelConnected?.()
  }

  private answered([ok, key, shown]: ScriptAnswer, requestedAt: number): void {
    if (this.state === 'released') return
    if (ok === 0) return this.lose(key.slice(this.keyOf('').length), shown)
    this.renewedAt = requestedAt
    this.isConfirmed = true
    this.counts.renewed++
    if (this.state === 'unsure') this.change('held', 'The lease was renewed: no other process had taken it.')
  }

  private doubt(): void {
    if (this.state !== 'held' || this.isHeld) return
    const since = this.isConfirmed ? `for ${this.times.ttlMs} ms` : 'since the connection came back'
    this.change('unsure', `The lease could not be renewed ${since}: another process may claim the same agents.`)
  }

  private lose(name: string, shown: string): void {
    this.stopRenewing()
    this.change('lost', `The lease of ${name} was lost to ${shown}.`)
  }

  private change(state: LeaseState, sentence: string): void {
    if (state === this.state) return
    this.state = state
    this.options.onChange?.(state, sentence)
  }

  private keyOf(name: string): string {
    return leaseKey(this.options.prefix, name)
  }

  private async run(script: string): Promise<ScriptAnswer> {
    const redis = this.options.commands()
    if (redis === undefined) throw new TransientError('Redis is away: no lease can be claimed or renewed.')
    const keys = [`${this.options.prefix}fence`, ...this.names.map(name => this.keyOf(name))]
    const { holder, shown, claimant } = this.options
    const values = [holder, shown, this.times.ttlMs, this.fence, claimant.from, claimant.epoch]
    try {
      return (await redis.eval(script, keys.length, ...keys, ...values)) as ScriptAnswer
    } catch (error) {
      throw transient(error)
    }
  }
}

/** What Redis refused in words stays as it is; where the connection broke under the question, it can be asked again. */
function transient(error: unknown): unknown {
  const { name, message } = error as Error
  return name === 'ReplyError' ? error : new TransientError(`Redis went away before it answered (${message}).`)
}

function leaseKey(prefix: string, name: string): string {
  return `${prefix}lease:${name}`
}

/** A fence or 1; or 0, a key and its holder. */
type ScriptAnswer = [number, string, string]

function refused(name: string, shown: string): OperatorError {
  return new OperatorError({
    what: `claiming ${name}`,
    expected: 'agents that no other process runs',
    got: `a lease of ${shown}`,
    next: 'Stop that process (its lease ends by itself soon after), or claim other agents with `agents`.',
  })
}
