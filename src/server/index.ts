/** `server/`: serves what a run tells: Prometheus metrics, the REST view, and the frames of viewers with their page. */

export { type ApiSource, apiRoutes, type Page, type PageFilter } from './api.js'
export { collectorPosts, type PostTaker, type Refused } from './collector.js'
export { type HttpAnswer, type HttpContext, type HttpRoute, type HttpServer, json, type PostRoute, serveHttp } from './http.js'
export { serverLimits, viewerLimits } from './limits.js'
export * from './metrics.js'
export { secondRun } from './viewer/messages.js'
export type { RunChannel } from './viewer/run-channel.js'
export { serveViewer, type ViewerOptions, type ViewerServer } from './viewer/serve-viewer.js'
