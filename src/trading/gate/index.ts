/** `trading/gate/`: the risk gate: rules, profiles, locks, and the judgement of an intent. */

export * from './bindings.js'
export * from './chosen-limits.js'
export * from './filtered-history.js'
export * from './gate.js'
export * from './limit.js'
export * from './locks.js'
export * from './profile.js'
export * from './quantity.js'
export * from './rule.js'
export * from './rules/accuracy.js'
export * from './rules/index.js'
export * from './run-length.js'
