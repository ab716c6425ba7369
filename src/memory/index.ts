/** `memory/`: finished trades as vectors in a store, found again by their nearness. Imports core and trading. */

export * from './chroma-server.js'
export * from './chroma-vectors.js'
export * from './embedded-vectors.js'
export type { Embedder } from './embedder.js'
export * from './feature-embedder.js'
export * from './limits.js'
export * from './sentence-embedder.js'
export * from './trade-scale.js'
export * from './trade-sentence.js'
export * from './vector-store.js'
