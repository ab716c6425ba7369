/** A decision in words: the rows that its ids lead to, and the sentences made of them. */

export { recollectionSentences } from './memory.js'
export { tradeSentences } from './outcome.js'
export { sentencesOf } from './sentences.js'
export { type OfStoryTables, recalledIds, type Story, type StoryTable, storyIds, storyTables, tellStories } from './story.js'
