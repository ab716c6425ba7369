/** `trading/latency/`: estimators of latency and what they say: windows, trends, routes, a detector of a host, calibrated signals. */

export * from './calibration.js'
export * from './detector.js'
export * from './net-signal.js'
export { addToWindow, medianOf, newRobustWindow } from './robust-window.js'
export { usualScale } from './round-trip.js'
export { agreedScore, type HostScore, scoreScan } from './round-trip-score.js'
export { latencyLimits } from './route-memory.js'
