/** `server/`: what a run shows to the outside: Prometheus metrics. */

export * from './metrics.js'
