/** `server/`: serves what a run tells: Prometheus metrics, and the REST view. */

export { type ApiSource, apiRoutes, type Page, type PageFilter } from './api.js'
export { type HttpServer, serveHttp } from './http.js'
export { serverLimits } from './limits.js'
export * from './metrics.js'
