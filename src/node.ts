/** `mycelia/node`: the public entry that needs Node: running scenarios with their records on disk. Re-exports only. */

export { checkData, importCandles, loadCandles, loadMoats } from './feed/index.js'
export * from './report/index.js'
export * from './storage/index.js'
export * from './world/index.js'
