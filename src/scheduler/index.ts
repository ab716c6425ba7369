/** `scheduler/`: model time and the event queue. */

export * from './clock.js'
export * from './queue.js'
