/** `market/net/`: the made network: routes, events, scans, and a market whose prices planted outages move. */

export type { NetEvent, NetEventKind } from './events.js'
export * from './net-input.js'
export { defaultHosts, type NetOptions, type NetworkMarketOptions, netSchema, network } from './net-options.js'
export {
  believeScan,
  leastRttMs,
  type NetHop,
  type NetScan,
  type ScanContext,
  type ScanProblem,
  type ScanRecord,
  scanLimits,
  scanProblem,
  scanProblems,
} from './scan.js'
export { ScansBeside } from './scans-beside.js'
