/** `core/`: ids, units, streams, errors, canonical encoding, digest, columns, fault points. Imports no other room. */

export * from './bytes.js'
export * from './column.js'
export * from './digest.js'
export * from './errors.js'
export * from './fault.js'
export * from './graph.js'
export * from './json.js'
export * from './random.js'
export * from './sha256.js'
export * from './units.js'
