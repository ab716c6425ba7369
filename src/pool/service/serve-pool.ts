/** Serves a compute pool: its record, its service, its port. */

import { PoolRecord } from '../../storage/index.js'
import { poolLimits } from '../limits.js'
import { PoolService } from './pool-service.js'

export interface PoolPlace {
  readonly port: number
  /** The option that names the port, for errors. */
  readonly option: string
  /** Default: the loopback. Another one needs a token. */
  readonly listen?: string | undefined
  /** What every request must carry; undefined: nothing, on the loopback alone. */
  readonly token?: string | undefined
  /** The path of the record. */
  readonly db: string
  /** A task whose node is silent for so long is made by another one, ms. */
  readonly leaseMs: number
  /** Tasks that wait before one more is refused; default: the limit. */
  readonly tasksPending?: number
}

export interface PoolServer {
  readonly url: string
  readonly service: PoolService
  close(): Promise<void>
}

/** Throws where the port is taken, an address beyond the loopback has no token, or the record is another server's. */
export async function servePool({ db, leaseMs, tasksPending, ...place }: PoolPlace): Promise<PoolServer> {
  // Loaded here: programs that only ask a pool, or never do, have no server in memory.
  const { serveHttp } = await import('../../server/index.js')
  const { poolPosts, poolRoutes } = await import('./routes.js')
  const service = new PoolService({ record: PoolRecord.open(db), leaseMs, tasksPending })
  try {
    const { url, close } = await serveHttp({
      ...place,
      routes: poolRoutes(service),
      posts: poolPosts(service),
      connections: poolLimits.connections,
    })
    return {
      url,
      service,
      async close() {
        await close()
        service.close()
      },
    }
  } catch (error) {
    service.close()
    throw error
  }
}
