/** `bus/`: typed topics, the shapes of their messages, and in-process delivery. */

export { Bus, type BusCounters, type Handler, limits as busLimits, type Tap } from './bus.js'
export type { Fields, Known, Range, Shape } from './shape.js'
export * as shapes from './shape.js'
export * from './topic.js'
export { Topics } from './topics.js'
