/** News against price: half of what a story is worth is in the price at once, and the rest comes in within a day. */

import { spotFuturesScenario } from 'mycelia/market'

export default spotFuturesScenario({
  name: 'narrative',
  title: 'News ahead of the price',
  market: { kind: 'news', news: { pricedAtOnce: 0.5 } },
})
