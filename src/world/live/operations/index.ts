/** `operations/`: the operator's side of a live run: status, log, alerts and commands. */

export { Alerts } from './alerts.js'
export { dailyText, profitText, statusText } from './chat-text.js'
export { type Control, ControlFolder, writeCommand } from './control.js'
export { joinedControl } from './joined-control.js'
export { type LiveLog, openLog } from './log.js'
export { Notices, type Webhook, webhooksIn } from './notices.js'
export { commandByRedis, commandRun, liveRun, readStatus } from './operator.js'
export { actOnRun, type GivenCommand } from './outcome.js'
export { type FeedStatus, type LiveStatus, type PortfolioStatus, statusOf } from './status.js'
export { TelegramControl } from './telegram.js'
export { type TelegramSettings, telegramIn } from './telegram-api.js'
