/** The Redis transport put together: one endpoint, two connections, and leases on the publishing one. */

import { OperatorError, rootOf, Stream } from '../../core/index.js'
import type { TransportClock } from '../clock.js'
import { Endpoint, type TransportOptions } from '../endpoint.js'
import { encodeEnvelope } from '../envelope.js'
import type { Signer } from '../signature.js'
import type { Transport } from '../transport.js'
import type { RedisAddress } from './address.js'
import type { RedisModule } from './client.js'
import type { ConnectionTimes } from './connection.js'
import { type Claimant, Lease, type LeaseOptions, readClaimants } from './leases.js'
import { RedisWire } from './wire.js'

export interface RedisTransportOptions extends TransportOptions {
  /** As `redisAddress` gives it. */
  readonly address: RedisAddress
  /** For Redis Cluster (7 and later): sharded publish/subscribe. The prefix must then hold a `{tag}`; default `{mycelia}:`. */
  readonly sharded?: boolean
  readonly times?: Partial<ConnectionTimes>
  /** @internal How ioredis is loaded; for tests. */
  readonly load?: () => Promise<RedisModule>
}

/** What a process says that is no publisher: one message on one topic. */
export interface Announcement {
  readonly address: RedisAddress
  readonly clock: TransportClock
  readonly signer?: Signer | undefined
  readonly prefix: string
  readonly from: string
  readonly topic: string
  readonly data: unknown
}

const announceWithinMs = 2_500
/** What was handed over leaves within this time. */
const leavesMs = 100

/** Sends one message, for which nobody keeps an account of its sender. Throws where Redis does not answer. */
export async function announceByRedis({ address, clock, signer, prefix, from, topic, data }: Announcement): Promise<void> {
  const wire = new RedisWire({ address, clock, rng: new Stream(rootOf(from), 'reconnect') })
  const message = { topic, epoch: from, seq: 1, time: Math.trunc(clock.now()), data: JSON.stringify(data) }
  const text = encodeEnvelope(from, message)
  const channel = prefix + topic
  try {
    const isUp = await upWithin(wire, { channel: `${prefix}${from}`, clock })
    if (isUp && wire.send([{ channel, text: signer?.sign(channel, text) ?? text }]) === 1) return await pauseFor(leavesMs, clock)
    throw new OperatorError({
      what: `${address.shown} does not answer`,
      next: 'Start it, or give the right address (REDIS_URL).',
    })
  } finally {
    await wire.close()
  }
}

function upWithin(wire: RedisWire, { channel, clock }: { channel: string; clock: TransportClock }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(announceWithinMs, () => resolve(false))
    const up = () => {
      cancel()
      resolve(true)
    }
    wire.open([channel], { received: () => undefined, up, down: () => undefined }).catch(reject)
  })
}

function pauseFor(ms: number, clock: TransportClock): Promise<void> {
  return new Promise(resolve => void clock.setTimer(ms, resolve))
}

export interface RedisTransport extends Transport {
  readonly address: RedisAddress
  /** Claims agents (or any names) for this process: {@link Lease.claim}. */
  claim(
    names: readonly string[],
    options: Pick<LeaseOptions, 'holder' | 'shown' | 'ttlMs' | 'renewMs' | 'onChange'>,
  ): Promise<Lease>
  /** Who has claimed each of the names: {@link readClaimants}. */
  claimants(names: readonly string[]): Promise<(Claimant | undefined)[]>
}

export function redisTransport(options: RedisTransportOptions): RedisTransport {
  const { address, clock, times, load, sharded = false, prefix = sharded ? '{mycelia}:' : '' } = options
  const rng = new Stream(rootOf(`${options.name} ${options.epoch}`), 'reconnect')
  const wire = new RedisWire({ address, clock, rng, sharded, ...(times && { times }), ...(load && { load }) })
  const endpoint = new Endpoint(wire, { ...options, prefix })
  const keys = prefix === '' ? 'mycelia:' : prefix
  return Object.assign(endpoint, {
    address,
    claim: (names: readonly string[], lease: Parameters<RedisTransport['claim']>[1]) => {
      const claimant = { from: options.name, epoch: options.epoch }
      const connection = { commands: () => wire.commands, onConnected: (act: () => void) => wire.onConnected(act) }
      return Lease.claim(names, { ...lease, ...connection, claimant, clock, prefix: keys })
    },
    claimants: (names: readonly string[]) => readClaimants(names, { prefix: keys, commands: () => wire.commands }),
  })
}
