/** Serves the REST view of a run: `/api/status`, `/api/positions`, `/api/trades`, `/api/decisions`. */

import { apiRoutes, type HttpServer, serveHttp } from '../../server/index.js'
import type { ApiPlace } from './place.js'
import { RunSource } from './run-source.js'

export interface Api extends HttpServer {
  readonly source: RunSource
}

export async function serveApi(run: string | undefined, place: ApiPlace): Promise<Api> {
  const source = new RunSource(run)
  const server = await serveHttp({ ...place, routes: apiRoutes(source) })
  return { ...server, source }
}
