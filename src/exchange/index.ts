/** `exchange/`: where orders are executed: one venue interface, one state machine of orders, the paper broker, and bonding curves. */

export * from './counters.js'
export * from './curve.js'
export * from './curve-venue.js'
export * from './event.js'
export * from './instrument-rules.js'
export * from './order.js'
export { type FinishedOrder, takeEnds } from './order-end.js'
export * from './order-steps.js'
export * from './paper-broker.js'
export * from './paper-price.js'
export * from './perp/index.js'
export * from './venue.js'
