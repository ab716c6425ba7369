/** A decision in words: the rows that its ids lead to, and the sentences made of them. */

export { sentencesOf } from './sentences.js'
export { type OfStoryTables, type Story, type StoryTable, storyIds, storyTables, tellStories } from './story.js'
export { instantText, moneyText } from './words.js'
