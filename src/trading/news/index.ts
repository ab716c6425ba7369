/** `trading/news/`: what headlines say of prices: whether they may be read, how good they are, and how that stands against the price. */

export * from './check-headline.js'
export * from './duplicates.js'
export * from './narrative.js'
export * from './relevance.js'
export * from './scorer.js'
