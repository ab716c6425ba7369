/** Serves the REST view of a run: `/api/status`, `/api/positions`, `/api/trades`, `/api/decisions`. */

import { apiRoutes, type HttpServer, serveHttp } from '../../server/index.js'
import { RunSource } from './run-source.js'

/** Where the view is served, and what a reader must carry. */
export interface ApiPlace {
  readonly port: number
  readonly listen: string | undefined
  readonly token: string | undefined
  /** The option that names the port, for errors. */
  readonly option: string
}

export interface Api extends HttpServer {
  readonly source: RunSource
}

export async function serveApi(run: string | undefined, place: ApiPlace): Promise<Api> {
  const source = new RunSource(run)
  const server = await serveHttp({ ...place, routes: apiRoutes(source) })
  return { ...server, source }
}

/** The token of the environment; undefined: none is set. */
export function tokenIn(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return environment.MYCELIA_API_TOKEN || undefined
}
