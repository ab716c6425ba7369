/**
 * An exchange on the loopback, and the services of the moats, for the notebook of a live run: they continue the market of a simulated
 * run, one bar in so many milliseconds. Prints the variables that direct a live run to them; ends when its input does.
 *
 *     node notebooks/lib/exchange.mjs RUN BAR_MS
 */
import { continueMarket, marketAfter } from '../../dist/test/world/live-market.js'

const [run, barMs] = process.argv.slice(2)
const market = await continueMarket(marketAfter(run), Number(barMs))
console.log(JSON.stringify(market.environment))
process.stdin.resume().on('end', () => process.exit(0))
