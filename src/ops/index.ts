/** `ops/`: what keeps runs alive and tells people: supervisor, health checks, notifier. Nothing here decides a trade. */

export { Breaker } from './breaker.js'
export type { Clock } from './clock.js'
export { opsLimits } from './limits.js'
export { acknowledge } from './notify/acknowledgements.js'
export { type Channel, webhook, webhooksIn } from './notify/channel.js'
export { Notifier } from './notify/notifier.js'
export { type NoticePolicy, noticePolicySchema } from './notify/policy.js'
export { type Redact, redactor } from './redact.js'
