/** `feed/net/`: routes to hosts outside, measured by programs of the system. */

export { atlasMeasurement } from './atlas.js'
export { coinbaseTickers } from './coinbase-tickers.js'
export { Collector, type RefusedPost } from './collector.js'
export { PolledFeed } from './polled-feed.js'
export { scanBody, scanOfBody } from './post-bodies.js'
export { collectorUrl, postScan } from './post-scan.js'
export { ProbeFeed } from './probe-feed.js'
export { checkPrefixes, RisLive } from './ris-live.js'
export { type ScanCounts, type ScanHostsOptions, scanHosts } from './scan-hosts.js'
export { statusPage } from './status-pages.js'
export { probeLimits } from './targets.js'
