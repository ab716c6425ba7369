/** `server/`: serves the Prometheus metrics of a run. */

export * from './metrics.js'
