/** A decision in words: the rows that its ids lead to, and the sentences made of them. */

export { tradeSentences } from './outcome.js'
export { sentencesOf } from './sentences.js'
export { type OfStoryTables, type Story, type StoryTable, storyIds, storyTables, tellStories } from './story.js'
