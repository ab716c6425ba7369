/** Loads ioredis when it is first needed, and says what to do where it is not installed. */

import type { RedisOptions } from 'ioredis'
import { OperatorError } from '../../core/index.js'

/** @internal */
export type RedisModule = Pick<typeof import('ioredis'), 'Redis'>
/** @internal */
export type RedisSettings = Omit<RedisOptions, 'replyMapping'>

/** @internal */
export async function loadRedis(load: () => Promise<RedisModule> = () => import('ioredis')): Promise<RedisModule> {
  try {
    return await load()
  } catch (error) {
    const explanation = {
      what: 'the run needs Redis, but the package ioredis is not installed',
      next: 'Run: npm install ioredis',
    }
    throw new OperatorError(explanation, { cause: error })
  }
}
