/** Tokens from outside: public sources, private ports, and the tables of a user. */

export { type FetchedToken, TokenFetcher } from './fetch-tokens.js'
export { tokenLimits } from './limits.js'
export { deepSeek, socialApi, type UserPort, userApi } from './ports.js'
export {
  type NewsRow,
  type Preference,
  readCatalog,
  readHistoricalTrades,
  readNewsSignals,
  readPreferences,
  readTimeSeries,
  type SeriesRow,
  tableText,
} from './tables.js'
