/** `exchange/book/`: a limit order book with price-time priority, in whole ticks and lots. */

export * from './book.js'
export * from './depth.js'
export * from './listener.js'
export { slotLimits } from './order-slots.js'
export * from './phases.js'
export * from './submit.js'
