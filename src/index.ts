/** `mycelia`: the public entry that runs anywhere: Node, worker, browser. Re-exports only. */

export { z } from 'zod'
export * from './agents/index.js'
export * from './bus/index.js'
export * from './core/index.js'
export * from './discovery/index.js'
export * from './market/index.js'
export * from './model/index.js'
export * from './scheduler/index.js'
export * from './space/index.js'
export * from './trading/index.js'
