/** What the notebooks share: inputs made by the command line, tables read by SQL, a chart and a printed table in one call. */

export { bars, type Chart, candles, heatmap, histogram, line, points } from './charts.js'
export { interactive } from './interactive.js'
export { mycelia, startExchange } from './mycelia.js'
export { query, type Row, sqlite } from './query.js'
export { learnt, show } from './show.js'
