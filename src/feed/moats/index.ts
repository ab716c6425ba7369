/** `feed/moats`: the four moats' public sources, live, and the recorder of what they said. */

export { MoatFeed, type MoatFeedOptions, type MoatStatus, moatSources } from './feed.js'
export { MoatRecorder } from './recorder.js'
export type { MoatQuestion, MoatSource } from './source.js'
