/** `operations/`: the operator's side of a live run: status, log, alerts and commands. */

export { Alerts } from './alerts.js'
export type { LiveCondition, LiveConditionCode } from './condition.js'
export { described } from './conditions.js'
export { type Control, ControlFolder, writeCommand } from './control.js'
export type { LastTrade } from './last-trade.js'
export { type LiveLog, openLog } from './log.js'
export { Notices, type Webhook, webhooksIn } from './notices.js'
export { commandByRedis, commandRun, liveRun, readStatus } from './operator.js'
export { actOnRun, type GivenCommand } from './outcome.js'
export type { PositionStatus } from './position-status.js'
export { type LiveStatus, type PortfolioStatus, statusOf } from './status.js'
export { Watch } from './watch.js'
