/** The hosts that are probed: an explicit list, checked name by name, and never more or more often than is polite. */

import { isIP } from 'node:net'
import { OperatorError, SECOND_MS } from '../../core/index.js'

/** What a live probe may do. */
export const probeLimits = {
  /** Hosts that are probed, and the least time between two probes of one, s. */
  probedHosts: 16,
  probeEverySeconds: 60,
  /** Longest output of a program that is read, characters. */
  probeOutput: 65_536,
  /** Time after which a program is ended, s. */
  probeSeconds: 200,
} as const

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i

/** Throws where a host is no name or address of a host: it becomes an argument of a program. */
export function checkHosts(hosts: readonly string[]): readonly string[] {
  const { probedHosts } = probeLimits
  if (hosts.length === 0 || hosts.length > probedHosts)
    throw new OperatorError({ what: '`hosts`', expected: `1 to ${probedHosts} hosts`, got: hosts.length })
  for (const host of hosts) if (!isHost(host)) throw noHost(host)
  return [...new Set(hosts)]
}

function isHost(host: string): boolean {
  if (isIP(host) !== 0) return !host.includes('%')
  return host.length <= 253 && host.split('.').every(part => label.test(part))
}

function noHost(host: string): OperatorError {
  return new OperatorError({
    what: 'a host to probe',
    expected: 'a name such as api.kraken.com, or an address',
    got: host,
    next: 'Give names or addresses alone, without a scheme, a port or a path.',
  })
}

/** The time between two scans of a host, ms. */
export function checkEvery(seconds: number): number {
  const { probeEverySeconds } = probeLimits
  if (Number.isSafeInteger(seconds) && seconds >= probeEverySeconds && seconds <= 86_400) return seconds * SECOND_MS
  throw new OperatorError({ what: '`every`', expected: `whole seconds from ${probeEverySeconds} to 86400`, got: seconds })
}
