/** How this process reaches the others: where Redis is, what signs their messages, and what proves an operator. Checked at the start. */

import { OperatorError } from '../../../core/index.js'
import { type RedisAddress, redisAddress, Signer } from '../../../transport/index.js'

type Environment = Readonly<Record<string, string | undefined>>

export interface BusPlan {
  readonly address: RedisAddress
  /** Signs every message; undefined: none is signed. */
  readonly signer: Signer | undefined
  /** Proves the operator's commands; undefined: none is taken from Redis. */
  readonly token: Signer | undefined
}

const keyVariable = 'MYCELIA_BUS_KEY'
const tokenVariable = 'MYCELIA_OPERATOR_TOKEN'

/** Throws an `OperatorError` where others could speak as this run: a Redis beyond this machine, and no key. */
export function planBus(given: string | undefined, environment: Environment): BusPlan {
  const address = redisAddress(given, environment)
  const signer = secretIn(environment, keyVariable)
  if (signer === undefined && !address.isLocal) throw unsigned(address)
  return { address, signer, token: secretIn(environment, tokenVariable) }
}

/** As {@link planBus}, for an operator, whose command must be proven. */
export function planOperatorBus(given: string | undefined, environment: Environment): BusPlan & { readonly token: Signer } {
  const plan = planBus(given, environment)
  if (plan.token !== undefined) return { ...plan, token: plan.token }
  throw new OperatorError({
    what: 'a command through Redis',
    expected: `the operator's token in ${tokenVariable}, as the run has it`,
    got: 'none',
    next: `Set ${tokenVariable} here and where the run is started, or give the command on the run's own machine.`,
  })
}

function secretIn(environment: Environment, variable: string): Signer | undefined {
  const secret = environment[variable]
  return secret ? Signer.of(secret, variable) : undefined
}

function unsigned({ shown }: RedisAddress): OperatorError {
  return new OperatorError({
    what: shown,
    expected: `a key in ${keyVariable}, because others may reach it: messages are signed with it`,
    got: 'none',
    next: `Set ${keyVariable} to the same value for every process of the run (openssl rand -hex 32), or use a Redis on the loopback.`,
  })
}
