/** A limit order book: noise, value and momentum traders and two market makers make one price, message by message. */

import { orderBookScenario } from 'mycelia/market'

export default orderBookScenario({ name: 'order-book', title: 'Limit order book' })
