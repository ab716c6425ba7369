/** `bus/`: typed topics and in-process delivery. */

export { Bus, type BusCounters, type Handler, limits as busLimits, type Tap } from './bus.js'
export * from './topic.js'
