/**
 * One connection to Redis that notices a dead server: ioredis alone waits for ever on a socket that
 * became silent without closing. Every 2 s a PING, 3 s for its answer, then the socket is replaced.
 */

import type { Redis } from 'ioredis'
import type { Rng } from '../../core/index.js'
import type { TransportClock } from '../clock.js'
import { Repeating } from '../repeating.js'
import type { RedisSettings } from './client.js'

export interface ConnectionTimes {
  readonly pingEveryMs: number
  readonly pingDeadlineMs: number
  /** First and longest wait before connecting again; a third more or less by chance. */
  readonly retryMs: number
  readonly retryMostMs: number
}

export const connectionTimes: ConnectionTimes = { pingEveryMs: 2_000, pingDeadlineMs: 3_000, retryMs: 20, retryMostMs: 300 }

export interface ConnectionEvents {
  /** Connected and answered; called after every reconnect. */
  ready(): void
  lost(reason: string): void
}

export interface ConnectionCounters {
  /** Connections that became ready. */
  connects: number
  attempts: number
  /** Sockets thrown away because Redis did not answer in time. */
  silences: number
  errors: number
  /** Redirections within a cluster. */
  moves: number
}

export interface ConnectionOptions {
  /** @internal */
  readonly create: (settings: RedisSettings) => Redis
  readonly clock: TransportClock
  readonly rng: Rng
  readonly times: ConnectionTimes
  readonly events: ConnectionEvents
}

/** Redis wants a password and was given none, or refused the one it was given. */
export type PasswordProblem = 'missing' | 'wrong'

function passwordProblem(message: string): PasswordProblem | undefined {
  if (/WRONGPASS|invalid password|without any password configured/i.test(message)) return 'wrong'
  return /NOAUTH|Authentication required/i.test(message) ? 'missing' : undefined
}

/** Who was refused for the password comes back slowly. */
const refusedRetryMs = 2_000

/** After a late timer, what was waiting in the socket gets this long to be read. */
const graceMs = 100

/** Failed attempts on a node that the cluster named, before the given address is tried again. */
const attemptsElsewhere = 10

export class Connection {
  /** @internal */
  readonly redis: Redis
  readonly counts: ConnectionCounters = { connects: 0, attempts: 0, silences: 0, errors: 0, moves: 0 }
  private readonly pings: Repeating
  private readonly home: { readonly host: string | undefined; readonly port: number | undefined }
  /** What Redis has against the password, until it lets us in. */
  passwordProblem: PasswordProblem | undefined
  private lastError = 'the connection closed'
  private isReady = false
  private cancelDeadline: (() => void) | undefined

  constructor(private readonly options: ConnectionOptions) {
    const { clock, times } = options
    this.redis = options.create(this.settings())
    this.home = { host: this.redis.options.host, port: this.redis.options.port }
    this.redis.on('error', error => this.failed(error))
    this.redis.on('connecting', () => this.connecting())
    this.redis.on('ready', () => this.ready())
    this.redis.on('close', () => this.closed())
    this.pings = new Repeating(clock, times.pingEveryMs, () => this.ping())
    this.connecting()
    this.pings.start()
  }

  /** Destroys the socket; ioredis connects again at once. */
  drop(reason: string): void {
    this.lastError = reason
    this.redis.stream?.destroy()
  }

  /** Reconnects to the node that a cluster names as the new place of the channels. */
  follow(host: string, port: number): void {
    const { options } = this.redis
    // Every message in flight is answered with the same redirection; one reconnect is enough.
    if (options.host === host && options.port === port) return
    Object.assign(options, { host, port })
    this.counts.moves++
    this.drop(`moved to ${host}:${port}`)
  }

  close(): void {
    this.pings.stop()
    this.cancelDeadline?.()
    this.redis.disconnect()
    this.redis.stream?.destroy()
  }

  private settings(): RedisSettings {
    const { pingDeadlineMs } = this.options.times
    return {
      // Nothing is kept for later, nothing is sent twice: what cannot leave now is refused and counted.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      autoResubscribe: false,
      retryStrategy: times => this.retryIn(times),
      connectTimeout: pingDeadlineMs,
      disableClientInfo: true,
    }
  }

  private retryIn(times: number): number {
    // A node that does not come back: the address given leads to the node that replaced it.
    if (times % attemptsElsewhere === 0) Object.assign(this.redis.options, this.home)
    const { retryMs, retryMostMs } = this.options.times
    if (this.passwordProblem !== undefined) return refusedRetryMs
    const base = Math.min(retryMostMs, retryMs * 2 ** Math.min(times - 1, 16))
    return Math.round(base * this.options.rng.between(2 / 3, 4 / 3))
  }

  /** From the first byte to `ready` counts too: a server may accept and then say nothing. */
  private connecting(): void {
    this.counts.attempts++
    this.expectAnswer(() => this.redis.status === 'ready')
  }

  private ready(): void {
    this.isReady = true
    this.passwordProblem = undefined
    this.counts.connects++
    this.cancelDeadline?.()
    this.options.events.ready()
  }

  private closed(): void {
    this.cancelDeadline?.()
    if (!this.isReady) return
    this.isReady = false
    this.options.events.lost(this.lastError)
    this.lastError = 'the connection closed'
  }

  private failed(error: Error): void {
    this.counts.errors++
    this.lastError = error.message
    this.passwordProblem = passwordProblem(error.message) ?? this.passwordProblem
  }

  private ping(): void {
    if (this.redis.status !== 'ready') return
    let isAnswered = false
    const answered = () => {
      isAnswered = true
    }
    this.redis.ping().then(answered, answered)
    this.expectAnswer(() => isAnswered)
  }

  /** One deadline at a time: PINGs that overlap an unanswered one do not put it off. */
  private expectAnswer(isAnswered: () => boolean): void {
    if (this.cancelDeadline !== undefined) return
    const { clock, times } = this.options
    const done = () => {
      this.cancelDeadline = undefined
      if (isAnswered()) return
      this.counts.silences++
      this.drop(`no answer within ${times.pingDeadlineMs} ms`)
    }
    const due = clock.monotonic() + times.pingDeadlineMs
    let cancel = clock.setTimer(times.pingDeadlineMs, () => {
      if (clock.monotonic() - due > graceMs && !isAnswered()) cancel = clock.setTimer(graceMs, done)
      else done()
    })
    this.cancelDeadline = () => {
      cancel()
      this.cancelDeadline = undefined
    }
  }
}
