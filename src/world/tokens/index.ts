/** Tokens outside of a simulated world: fetched, decided on and traded on paper, with an archive of all of it. */

export { type DecideRequest, type DecideResult, decideArchive } from './decide.js'
export { type LiveTokensRequest, type LiveTokensResult, liveTokens, type TokenPolicyRequest } from './live-tokens.js'
export { type ArchiveCheck, checkArchive } from './token-desk.js'
