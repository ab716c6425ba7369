/** The Redis transport put together: one endpoint, two connections, and leases on the publishing one. */

import { rootOf, Stream } from '../../core/index.js'
import { Endpoint, type TransportOptions } from '../endpoint.js'
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
      return Lease.claim(names, { ...lease, claimant, clock, prefix: keys, commands: () => wire.commands })
    },
    claimants: (names: readonly string[]) => readClaimants(names, { prefix: keys, commands: () => wire.commands }),
  })
}
