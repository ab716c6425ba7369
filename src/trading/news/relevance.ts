/** Which pairs a headline is about: names, tickers and aliases of assets, found as whole words. */

/** What an asset is called besides its ticker. Words that mean something else alone are not here: a near miss is worse than none. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  XXBTZUSD: ['bitcoin', 'btc', 'xbt'],
  XETHZUSD: ['ethereum', 'ether', 'eth'],
  SOLUSD: ['solana', 'sol'],
  ADAUSD: ['cardano', 'ada'],
  XXRPZUSD: ['xrp', 'ripple'],
  DOTUSD: ['polkadot', 'dot'],
  LINKUSD: ['chainlink'],
  AVAXUSD: ['avalanche', 'avax'],
  DOGEUSD: ['dogecoin', 'doge'],
  XDGUSD: ['dogecoin', 'doge'],
  XLTCZUSD: ['litecoin', 'ltc'],
  ATOMUSD: ['cosmos', 'atom'],
  UNIUSD: ['uniswap'],
  XXLMZUSD: ['stellar', 'xlm'],
  XLMUSD: ['stellar', 'xlm'],
  TRXUSD: ['tron', 'trx'],
  AAVEUSD: ['aave'],
  ALGOUSD: ['algorand', 'algo'],
  FILUSD: ['filecoin', 'fil'],
  XXMRZUSD: ['monero', 'xmr'],
  XTZUSD: ['tezos', 'xtz'],
  NEARUSD: ['near protocol'],
  POLUSD: ['polygon'],
  MATICUSD: ['polygon', 'matic'],
  COMPUSD: ['compound'],
  ARBUSD: ['arbitrum'],
  XZECZUSD: ['zcash', 'zec'],
}

/** Names of assets by word, for the pairs of a run. */
export type Entities = ReadonlyMap<string, string>

/** The names by which headlines may mean the pairs of a run; a pair without an alias is known by its ticker alone. */
export function entitiesOf(pairs: readonly string[]): Entities {
  const known = new Map<string, string>()
  for (const pair of pairs) for (const name of namesOf(pair)) known.set(name, pair)
  return known
}

function namesOf(pair: string): readonly string[] {
  return aliases[pair] ?? [pair.replace(/USDT?$/, '').toLowerCase()]
}

/** The pairs that a headline names, each once, in the order in which it names them. */
export function relevantPairs(text: string, entities: Entities): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const found = new Set<string>()
  words.forEach((word, i) => {
    const pair = entities.get(word) ?? entities.get(`${word} ${words[i + 1] ?? ''}`)
    if (pair !== undefined) found.add(pair)
  })
  return [...found]
}
