/** B5: the same suite on every carrier. */
import { rootOf, Stream } from '../../src/core/index.js'
import { noRedis } from '../standins/redis.js'
import { transportConformance } from './conformance.js'
import { FakeClock } from './fake-clock.js'
import { FaultyExchange } from './faulty.js'
import { memoryField, redisField } from './fields.js'
import { MemoryExchange } from './memory.js'

transportConformance('memory', async () => memoryField(new MemoryExchange(), new FakeClock()))
transportConformance('a faulty wire without faults', async () => {
  const clock = new FakeClock()
  return memoryField(new FaultyExchange({ rng: new Stream(rootOf(1), 'faults'), clock }), clock)
})
transportConformance('Redis', () => redisField(false), noRedis)
transportConformance('Redis with sharded channels', () => redisField(true), noRedis)
