/** `feed/net/`: routes to hosts outside, measured by programs of the system. */

export { collectorUrl, postScan, scanBody } from './post-scan.js'
export { type ScanCounts, type ScanHostsOptions, scanHosts } from './scan-hosts.js'
export { probeLimits } from './targets.js'
