/** `peers/`: this process among the others of a split run: which agents it runs, where its shard is stored, and its connection. */

export { controlTopic } from './admission.js'
export { type AgentsChoice, chooseAgents } from './agents-choice.js'
export type { PeerBridge, Published } from './bridge.js'
export { type BusPlan, planBus, planOperatorBus } from './bus-plan.js'
export { ClockFeed } from './clock-feed.js'
export { type ConnectedShard, PeerConnection } from './connection.js'
export { existingShard, newShardDirectory, shardsOf } from './shard-directory.js'
