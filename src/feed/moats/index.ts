/** `feed/moats`: the live public sources of the four moats, and the recorder of their values. */

export { type FailedSource, MoatFeed, type MoatFeedOptions, type MoatStatus, moatSources } from './feed.js'
export { MoatRecorder } from './recorder.js'
export type { MoatQuestion, MoatSource } from './source.js'
