/** The network that a model listens to, as parameters: hosts with the pairs that trade there, and vantage points. */

import * as z from 'zod'
import { defaultHosts, pairName } from '../market/index.js'

export const hostsSchema = z
  .record(z.string().min(1), z.array(z.string().overwrite(pairName)).min(1))
  .default({ ...defaultHosts } as Record<string, string[]>)
  .describe('hosts that are listened to, and the pairs that trade there; scans of others are refused')

export const vantagesSchema = z.array(z.string().min(1)).min(1).max(16).default(['Frankfurt', 'New-York', 'Singapore'])

/** The market of a scenario; one with a made network has the hosts and vantage points that the model listens to. */
export function withNetwork(
  market: Readonly<Record<string, unknown>>,
  { hosts, vantages }: { readonly hosts?: unknown; readonly vantages?: unknown },
): Record<string, unknown> {
  return market.kind === 'network'
    ? { ...market, net: { hosts, vantages, ...(market.net as object | undefined) } }
    : { ...market }
}
