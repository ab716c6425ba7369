/** `scheduler/`: model time and the event queue. */

export * from './clock.js'
export { EventQueue, limits as schedulerLimits, type PlannedEvent } from './queue.js'
