/** `memory/`: finished trades as vectors in a store, found again by their nearness. Imports core and trading. */

export * from './chroma-server.js'
export * from './chroma-vectors.js'
export * from './embedded-vectors.js'
export * from './limits.js'
export * from './vector-store.js'
